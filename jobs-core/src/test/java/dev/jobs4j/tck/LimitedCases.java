package dev.jobs4j.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.NewJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** What the cases about limits have in common. */
abstract class LimitedCases extends StoreCases {

  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  private int inserted;

  @BeforeEach
  void keepsLimits() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
  }

  final JobLimits limits() {
    return store.limits().orElseThrow();
  }

  /** Due long ago, in this order. */
  final List<JobId> insertLimited(int count, String... keys) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(NewJobs.job().at(LONG_AGO.plusMillis(inserted++)).limits(keys).build());
    }
    store.insert(jobs);
    return jobs.stream().map(NewJob::id).toList();
  }
}
