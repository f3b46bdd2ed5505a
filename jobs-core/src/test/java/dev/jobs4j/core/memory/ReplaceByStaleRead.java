package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks whether the job waits, then changes it, whatever it does by then. */
final class ReplaceByStaleRead extends Racing {
  ReplaceByStaleRead(InMemoryJobStore good, Gate gate) {
    super(good, gate);
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return between(() -> super.claim(request));
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
    List<Row> waiting = rows(JobState.PENDING);
    letOther();
    return Gate.isRacer() && waiting.size() == 1
        ? List.of(new Enqueued.Existing(waiting.get(0).id(), true))
        : super.insert(jobs, in);
  }
}
