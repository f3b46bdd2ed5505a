package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.PruneRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is over, deleted by a look that is outdated. */
final class PruneRaces {

  private PruneRaces() {}

  static List<Fault> all() {
    Gate redrive = new Gate();
    Gate prune = new Gate();
    return List.of(
        new Fault("PRUNE_BY_STALE_READ", good -> new PruneByStaleRead(good, redrive)),
        new Fault("PRUNE_COUNTS_BY_STALE_READ", good -> new CountByStaleRead(good, prune)));
  }

  private static final class PruneByStaleRead extends Racing {
    PruneByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public int prune(PruneRequest request) {
      List<Row> over = Gate.isRacer() ? rows(JobState.DEAD) : List.of();
      if (over.isEmpty()) {
        return super.prune(request);
      }
      letOther();
      over.forEach(row -> touch(row.id(), store.tables()::forget));
      return super.prune(request);
    }

    @Override
    public JobRecords records() {
      return new ForwardingRecords(super.records()) {
        @Override
        public DeadLetterRecords letters() {
          return new ForwardingLetters(super.letters()) {
            @Override
            public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
              return between(() -> super.redrive(delays, operator));
            }
          };
        }
      };
    }
  }

  private static final class CountByStaleRead extends Racing {
    CountByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public int prune(PruneRequest request) {
      int over = rows(JobState.SUCCEEDED).size() + rows(JobState.CANCELLED).size();
      boolean met = gate.meet();
      int gone = super.prune(request);
      return met ? over : gone;
    }
  }
}
