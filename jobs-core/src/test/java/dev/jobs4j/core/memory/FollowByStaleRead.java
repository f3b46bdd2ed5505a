package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks whether the holder runs, then stores a follower, whoever else has done so by then. */
final class FollowByStaleRead extends Racing {

  FollowByStaleRead(InMemoryJobStore good, Gate gate) {
    super(good, gate);
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
    boolean alone = rows(JobState.RUNNING).size() == 1 && rows(JobState.PENDING).isEmpty();
    boolean met = gate.meet();
    return met && alone
        ? super.insert(List.of(Fault.changed(jobs.get(0), draft -> draft.key = null)), in)
        : super.insert(jobs, in);
  }
}
