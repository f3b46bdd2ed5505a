package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Limits hold whoever claims and settles at the same time, and nothing is left waiting. */
abstract class LimitRaceCases extends LimitedCases {

  private static final int MANY = 2_000;

  @Test
  void claimsAtTheSameTimeKeepToTheLimit() throws Exception {
    limits().define(JobLimit.running("carrier", 2));
    JobStore other = open();
    EngineId one = engine();
    EngineId two = engine();
    rounds(
        () -> {
          insertLimited(8, "carrier/dhl");
          Race.Both<List<LeasedJob>, List<LeasedJob>> given =
              Race.both(() -> store.claim(claimOf(one, 5)), () -> other.claim(claimOf(two, 5)));
          assertThat(given.first().size() + given.second().size()).isEqualTo(2);
          given.first().forEach(job -> settled(job, succeeded()));
          given.second().forEach(job -> settled(job, succeeded()));
        });
  }

  @Test
  void aPermitGivenBackDuringAClaimIsNotForgotten() throws Exception {
    limits().define(JobLimit.running("carrier", 1));
    JobStore other = open();
    EngineId one = engine();
    EngineId two = engine();
    insertLimited(1, "carrier/dhl");
    LeasedJob running = claim(one, 1).get(0);
    for (int i = 0; i < fixture().rounds(); i++) {
      insertLimited(1, "carrier/dhl");
      LeasedJob ending = running;
      Race.Both<Boolean, List<LeasedJob>> both =
          Race.both(
              () -> settle(ending, succeeded()).isEmpty(), () -> other.claim(claimOf(two, 1)));
      assertThat(both.first()).isTrue();
      List<LeasedJob> next = both.second().isEmpty() ? claim(two, 1) : both.second();
      assertThat(next).as("whoever came later finds the permit").hasSize(1);
      running = next.get(0);
    }
  }

  @Test
  void manyClaimersWithTwoLimitsEachNeverExceedOneAndFinishAll() throws Exception {
    limits().define(JobLimit.running("a", 2));
    limits().define(JobLimit.running("b", 3));
    int count = 10 * fixture().rounds();
    for (int i = 0; i < count; i++) {
      insertLimited(1, "a/" + i % 3, "b/" + i % 2);
    }
    List<Callable<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      JobStore node = open();
      EngineId engine = engine();
      workers.add(() -> work(node, engine, count));
    }
    int done = Race.all(workers).stream().mapToInt(Integer::intValue).sum();

    assertThat(done).isEqualTo(count);
  }

  /** Until nothing is left; looks at the books while it holds jobs. */
  private int work(JobStore node, EngineId engine, int count) {
    int done = 0;
    int idle = 0;
    while (records().count(QUEUE).getOrDefault(JobState.SUCCEEDED, 0L) < count) {
      List<LeasedJob> jobs = node.claim(claimOf(engine, 3));
      idle = jobs.isEmpty() ? idle + 1 : 0;
      assertThat(idle).as("claims in a row that found nothing").isLessThan(MANY);
      for (int i = 0; i < 3; i++) {
        assertThat(node.limits().orElseThrow().use(new LimitKey("a", "" + i)).running())
            .isLessThanOrEqualTo(2);
        assertThat(node.limits().orElseThrow().use(new LimitKey("b", "" + i)).running())
            .isLessThanOrEqualTo(3);
      }
      for (LeasedJob job : jobs) {
        done += settle(job, succeeded()).isEmpty() ? 1 : 0;
      }
    }
    return done;
  }
}
