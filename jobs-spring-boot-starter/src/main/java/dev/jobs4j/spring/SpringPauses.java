package dev.jobs4j.spring;

import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pauses that an application injects: those of the {@code Jobs} of the moment. */
final class SpringPauses implements Pauses {

  private final CurrentJobs jobs;

  SpringPauses(CurrentJobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
    jobs.get().pauses().pause(target, by, until);
  }

  @Override
  public boolean resume(Pause.Target target) {
    return jobs.get().pauses().resume(target);
  }

  @Override
  public List<Pause> list() {
    return jobs.get().pauses().list();
  }
}
