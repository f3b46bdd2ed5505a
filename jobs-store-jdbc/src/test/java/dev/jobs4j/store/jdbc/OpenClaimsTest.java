package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The books say of a claim that it is over when its last job is, and which jobs run for long. */
class OpenClaimsTest {

  private static final EngineId ENGINE = new EngineId(new UUID(1, 1));
  private static final EngineId OTHER = new EngineId(new UUID(1, 2));
  private static final UUID CLAIM = new UUID(2, 1);
  private static final long SECOND = 1_000_000_000;

  private final OpenClaims open = new OpenClaims();

  private static LeasedJob job(int number, long token) {
    JobId id = new JobId(new UUID(7, number));
    return new LeasedJob(
        new TokenLease(id, token),
        id,
        "t",
        1,
        JobQueue.DEFAULT,
        new Payload("json", new byte[0]),
        1,
        null,
        OptionalLong.of(token),
        false,
        Duration.ZERO,
        null,
        Set.of(),
        Map.of(),
        null);
  }

  private static List<LeasedJob> jobs(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(number -> job(number, 1)).toList();
  }

  private static List<UUID> ids(List<LeasedJob> jobs) {
    return jobs.stream().map(job -> job.id().value()).toList();
  }

  private void end(List<LeasedJob> jobs) {
    jobs.forEach(job -> open.ended(job.lease()));
  }

  @Test
  void aClaimIsOverWithTheLastOfItsJobs() {
    open.opened(ENGINE, CLAIM, jobs(0, 3), 0);

    end(jobs(0, 2));
    assertThat(open.takeOver(ENGINE)).isEmpty();
    end(jobs(2, 1));
    assertThat(open.takeOver(ENGINE)).containsExactly(CLAIM);
  }

  @Test
  void whatEndsTwiceIsCountedOnce() {
    open.opened(ENGINE, CLAIM, jobs(0, 2), 0);

    end(jobs(0, 1));
    end(jobs(0, 1));

    assertThat(open.takeOver(ENGINE)).isEmpty();
  }

  @Test
  void aClaimThatIsOverIsTakenOnceAndByItsEngine() {
    open.opened(ENGINE, CLAIM, jobs(0, 1), 0);
    end(jobs(0, 1));

    assertThat(open.takeOver(OTHER)).isEmpty();
    assertThat(open.takeOver(ENGINE)).containsExactly(CLAIM);
    assertThat(open.takeOver(ENGINE)).isEmpty();
  }

  @Test
  void whatCouldNotBeDeletedIsTakenAgain() {
    open.putBack(ENGINE, List.of(CLAIM));

    assertThat(open.takeOver(ENGINE)).containsExactly(CLAIM);
  }

  @Test
  void noMoreThanAThousandAreTakenAtOnce() {
    for (int i = 0; i < 1_200; i++) {
      open.opened(ENGINE, new UUID(3, i), jobs(i, 1), 0);
    }
    end(jobs(0, 1_200));

    assertThat(open.takeOver(ENGINE)).hasSize(1_000);
    assertThat(open.takeOver(ENGINE)).hasSize(200);
  }

  @Test
  void aJobThatIsClaimedAgainBelongsToItsNewClaim() {
    UUID second = new UUID(2, 2);
    open.opened(ENGINE, CLAIM, jobs(0, 1), 0);
    LeasedJob again = job(0, 2);
    open.opened(ENGINE, second, List.of(again), 0); // before the books hear of the first's end

    end(jobs(0, 1));
    assertThat(open.takeOver(ENGINE)).containsExactly(CLAIM);
    end(jobs(0, 1));
    assertThat(open.takeOver(ENGINE)).as("a late word of the first lease").isEmpty();
    end(List.of(again));
    assertThat(open.takeOver(ENGINE)).containsExactly(second);
  }

  @Test
  void ofJobsThatEndAtOnceOneIsTheLast() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 20; round++) {
        UUID claim = new UUID(4, round);
        open.opened(ENGINE, claim, jobs(0, 20_000), 0);
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<?>> halves =
            Stream.of(jobs(0, 10_000), jobs(10_000, 10_000))
                .<Future<?>>map(
                    half ->
                        threads.submit(
                            () -> {
                              start.await();
                              end(half);
                              return half;
                            }))
                .toList();
        for (Future<?> half : halves) {
          half.get();
        }

        assertThat(open.takeOver(ENGINE)).containsExactly(claim);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<UUID> longRunning(EngineId engine, long nanos) {
    return open.longRunning(nanos).getOrDefault(engine, List.of()).stream()
        .map(OpenClaims.Member::job)
        .toList();
  }

  @Test
  void fewJobsThatRunForLongAreLeftWhereTheyAre() {
    open.opened(ENGINE, CLAIM, jobs(0, 19), 0);

    assertThat(longRunning(ENGINE, 2 * SECOND)).isEmpty();
  }

  @Test
  void manyJobsThatRunForLongAreToldInOrderUntilTheyAreSetAside() {
    open.opened(ENGINE, CLAIM, jobs(0, 20), 0);

    assertThat(longRunning(ENGINE, 2 * SECOND)).containsExactlyElementsOf(ids(jobs(0, 20)));
    assertThat(longRunning(ENGINE, 2 * SECOND)).hasSize(20);
    open.longRunning(2 * SECOND).get(ENGINE).forEach(OpenClaims.Member::setAside);
    assertThat(longRunning(ENGINE, 4 * SECOND)).isEmpty();
  }

  @Test
  void twoSecondsAreLong() {
    open.opened(ENGINE, CLAIM, jobs(0, 20), 0);

    assertThat(longRunning(ENGINE, 2 * SECOND - 1)).isEmpty();
    assertThat(longRunning(ENGINE, 2 * SECOND)).hasSize(20);
  }

  @Test
  void whatHasEndedRunsNoLonger() {
    open.opened(ENGINE, CLAIM, jobs(0, 21), 0);
    end(jobs(0, 2));

    assertThat(longRunning(ENGINE, 2 * SECOND)).isEmpty();
  }

  @Test
  void jobsOfAnotherEngineDoNotCount() {
    open.opened(ENGINE, CLAIM, jobs(0, 19), 0);
    open.opened(OTHER, new UUID(2, 2), jobs(200, 24), 0);

    assertThat(longRunning(ENGINE, 2 * SECOND)).isEmpty();
    assertThat(longRunning(OTHER, 2 * SECOND)).containsExactlyElementsOf(ids(jobs(200, 24)));
  }

  @Test
  void aReplyThatComesAfterItsEngineHasLeftIsNotKept() {
    open.forget(ENGINE);
    open.opened(ENGINE, CLAIM, jobs(0, 20), 0);

    assertThat(longRunning(ENGINE, 2 * SECOND)).isEmpty();
    end(jobs(0, 20));
    assertThat(open.takeOver(ENGINE)).isEmpty();
  }

  @Test
  void ofAnEngineThatHasLeftNothingIsKept() {
    open.opened(ENGINE, CLAIM, jobs(0, 100), 0);
    open.opened(ENGINE, new UUID(2, 2), jobs(100, 1), 0);
    end(jobs(100, 1));
    open.opened(OTHER, new UUID(2, 3), jobs(200, 1), 0);

    open.forget(ENGINE);
    end(jobs(0, 100));

    assertThat(open.takeOver(ENGINE)).isEmpty();
    assertThat(longRunning(ENGINE, 2 * SECOND)).isEmpty();
    end(jobs(200, 1));
    assertThat(open.takeOver(OTHER)).hasSize(1);
  }
}
