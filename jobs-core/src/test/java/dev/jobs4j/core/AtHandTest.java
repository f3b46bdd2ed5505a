package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Priority;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.ReapRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that an engine has fetched ahead of its slots. Its clock moves only while handlers run. */
class AtHandTest {

  private static final JobType<String> WORK = JobType.of("work", String.class);
  private static final Duration NO_TIME = Duration.ofNanos(1_000);

  private final InMemoryJobStore memory = InMemoryJobStore.of(InstantSource.system());
  private final Queue<ClaimRequest> claims = new ConcurrentLinkedQueue<>();
  private final AtomicInteger renewals = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final Queue<String> ran = new ConcurrentLinkedQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private Jobs jobs;

  @AfterEach
  void close() {
    gate.countDown();
    jobs.close();
  }

  /** The store, with what is asked of it noted. */
  private JobStore noting() {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("claim")) {
                claims.add((ClaimRequest) arguments[0]);
              }
              try {
                Object answer = called.invoke(memory, arguments);
                if (called.getName().equals("renew")) {
                  renewals.incrementAndGet();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void start(WorkerOptions workers, Duration each, JobLimit... limits) {
    start(Duration.ofMillis(20), workers, each, limits);
  }

  private void start(
      Duration pollInterval, WorkerOptions workers, Duration each, JobLimit... limits) {
    jobs =
        Jobs.builder()
            .store(noting())
            .limits(limits)
            .ticker(nanos::get)
            .workers(workers)
            .options(
                EngineOptions.builder()
                    .pollInterval(pollInterval)
                    .drainTimeout(Duration.ofSeconds(5))
                    .lease(LeaseOptions.of(Duration.ofSeconds(5)))
                    .build())
            .handler(
                WORK,
                (payload, context) -> {
                  nanos.addAndGet(each.toNanos());
                  ran.add(payload);
                  if (payload.equals("gate")) {
                    gate.await();
                  }
                  return null;
                })
            .start();
  }

  private static void eventually(Runnable assertion) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        assertion.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private List<JobId> enqueue(int count, JobRequest<String> request) {
    return jobs
        .enqueueAll(IntStream.range(0, count).<JobRequest<?>>mapToObj(i -> request).toList())
        .stream()
        .map(enqueued -> enqueued.id())
        .toList();
  }

  /** Lets the engine see how fast its jobs are. */
  private void run(int count, JobRequest<String> request) {
    int before = ran.size();
    enqueue(count, request);
    eventually(() -> assertThat(ran).hasSize(before + count));
    eventually(() -> assertThat(count(JobState.RUNNING)).isZero());
  }

  private long count(JobState state) {
    return memory.records().count(JobQueue.DEFAULT).getOrDefault(state, 0L);
  }

  private int mostAhead() {
    return claims.stream().mapToInt(ClaimRequest::ahead).max().orElse(0);
  }

  /** One that runs and does not end, and the others behind it at hand. */
  private List<JobId> atHand(int count) {
    run(200, WORK.request("quick"));
    enqueue(1, WORK.request("gate"));
    eventually(() -> assertThat(ran).contains("gate"));
    List<JobId> others = enqueue(count, WORK.request("other"));
    eventually(() -> assertThat(count(JobState.RUNNING)).isEqualTo(count + 1));
    return others;
  }

  @Test
  void jobsThatTakeNoTimeAreFetchedAhead() {
    start(WorkerOptions.of(2), NO_TIME);
    run(3_000, WORK.request("quick"));
    assertThat(mostAhead()).isGreaterThan(100);
  }

  @Test
  void slowJobsAreFetchedForFreeSlotsAlone() {
    start(WorkerOptions.of(2), Duration.ofMillis(50));
    run(100, WORK.request("slow"));
    assertThat(mostAhead()).isZero();
  }

  @Test
  void jobsThatAreSharedFairlyAreFetchedForFreeSlotsAlone() {
    start(WorkerOptions.of(2).fairShare(FairShare.equal()), NO_TIME);
    run(300, WORK.request("quick").tenant("a"));
    assertThat(mostAhead()).isZero();
  }

  @Test
  void noPermitIsHeldByAJobThatWaitsForItsSlot() {
    start(WorkerOptions.of(1), NO_TIME, JobLimit.running("wide", 100));
    run(200, WORK.request("quick"));
    enqueue(1, WORK.request("gate"));
    eventually(() -> assertThat(ran).contains("gate"));
    enqueue(5, WORK.request("limited").limit("wide"));
    int asked = claims.size();
    eventually(() -> assertThat(claims).hasSizeGreaterThan(asked + 3));
    assertThat(mostAhead()).isPositive();
    assertThat(count(JobState.RUNNING)).isEqualTo(1);
    gate.countDown();
    eventually(() -> assertThat(count(JobState.SUCCEEDED)).isEqualTo(206));
  }

  @Test
  void whatIsAtHandForTooLongGoesBackWithItsAttempts() {
    start(WorkerOptions.of(1), NO_TIME);
    atHand(20);
    nanos.addAndGet(Duration.ofMillis(150).toNanos());
    eventually(() -> assertThat(count(JobState.RUNNING)).isEqualTo(1));
    assertThat(count(JobState.PENDING)).isEqualTo(20);
    assertThat(ran).doesNotContain("other");
    gate.countDown();
    eventually(() -> assertThat(count(JobState.SUCCEEDED)).isEqualTo(221));
  }

  @Test
  void whatIsAtHandGoesBackWhenTheEngineStops() {
    start(WorkerOptions.of(1), NO_TIME);
    List<JobId> others = atHand(20);
    Thread stop = new Thread(jobs::close);
    stop.start();
    eventually(() -> assertThat(count(JobState.PENDING)).isEqualTo(20));
    gate.countDown();
    eventually(() -> assertThat(stop.isAlive()).isFalse());
    assertThat(ran).doesNotContain("other");
    for (JobId id : others) {
      assertThat(memory.records().find(id).orElseThrow().attempt()).isZero();
    }
  }

  @Test
  void aJobThatIsCalledOffAtHandNeverStarts() {
    start(WorkerOptions.of(1), NO_TIME);
    List<JobId> others = atHand(3);
    jobs.cancel(others.get(1));
    int renewed = renewals.get();
    eventually(() -> assertThat(renewals).hasValueGreaterThan(renewed + 1));
    gate.countDown();
    eventually(() -> assertThat(count(JobState.CANCELLED)).isEqualTo(1));
    eventually(() -> assertThat(count(JobState.RUNNING)).isZero());
    assertThat(ran).filteredOn("other"::equals).hasSize(2);
    assertThat(memory.records().find(others.get(1)).orElseThrow().state())
        .isEqualTo(JobState.CANCELLED);
  }

  @Test
  void whatIsAtHandRunsOnceASlotIsFree() {
    start(WorkerOptions.of(1), NO_TIME);
    atHand(5);
    gate.countDown();
    eventually(() -> assertThat(count(JobState.SUCCEEDED)).isEqualTo(206));
  }

  /** Jobs of an engine whose lease is over at once. */
  private void heldByTheDead(int count) {
    EngineId dead = new EngineId(UUID.randomUUID());
    memory.register(
        new EngineInfo(
            dead,
            "dead",
            "1",
            Duration.ofMillis(1),
            Map.of(JobQueue.DEFAULT, 1),
            Map.of("work", 1)));
    try (Jobs client = Jobs.builder().store(memory).enqueueOnly()) {
      for (int i = 0; i < count; i++) {
        client.enqueue(WORK.request("suspect").priority(Priority.HIGH));
      }
      assertThat(
              memory.claim(
                  new ClaimRequest(
                      dead, UUID.randomUUID(), JobQueue.DEFAULT, Map.of("work", 1), count, true)))
          .hasSize(count);
    }
  }

  private void takeBack(int count) {
    eventually(
        () ->
            assertThat(memory.reap(new ReapRequest(Duration.ZERO, count, 3)).returned())
                .hasSize(count));
  }

  @Test
  void oneSuspectFollowsTheOtherWithoutAPoll() {
    heldByTheDead(5);
    takeBack(5);
    start(Duration.ofHours(1), WorkerOptions.of(2), NO_TIME);
    eventually(() -> assertThat(ran).filteredOn("suspect"::equals).hasSize(5));
  }
}
