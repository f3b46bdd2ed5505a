package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Short words for cases about lines. */
abstract class LineCases extends StoreCases {

  static final Operator ADA = new Operator("ada", "ticket 42");

  @BeforeEach
  void hasLines() {
    assumeTrue(can(Capability.FIFO), "has no lines");
  }

  final JobId insertIn(String key, OnDead onDead) {
    NewJob job = NewJobs.job().fifo(key, onDead).build();
    insert(job);
    return job.id();
  }

  final JobId insertIn(String key) {
    return insertIn(key, OnDead.BLOCK);
  }

  static Outcome died() {
    return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
  }

  /** Runs what is due, one at a time, until nothing is. */
  final List<JobId> runAll() {
    EngineId engine = engine();
    List<JobId> ran = new ArrayList<>();
    List<LeasedJob> claimed = claim(engine, 10);
    while (!claimed.isEmpty()) {
      assertThat(claimed).as("jobs of one line that run at once").hasSize(1);
      ran.add(claimed.get(0).id());
      settled(claimed.get(0), succeeded());
      claimed = claim(engine, 10);
    }
    return ran;
  }
}
