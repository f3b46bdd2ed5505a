package dev.jobs4j.core;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Runs one job on a real engine until its first attempt has ended, and tells what happened. */
final class OneJob {

  static final JobType<String> TYPE = JobType.of("one", String.class);

  private OneJob() {}

  /** The events of the job up to the one that ended its first attempt. */
  static List<JobEvent> run(Consumer<JobsBuilder> setUp) throws InterruptedException {
    LinkedBlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();
    JobsBuilder builder = Jobs.builder().store(InMemoryJobStore.create()).listener(events::add);
    setUp.accept(builder);
    List<JobEvent> seen = new ArrayList<>();
    try (Jobs jobs = builder.start()) {
      JobId id = jobs.enqueue(TYPE, "payload").id();
      do {
        seen.add(events.take());
      } while (isNoEnd(seen.get(seen.size() - 1)) || !seen.get(0).job().id().equals(id));
    }
    return seen;
  }

  /** The event that ended its first attempt. */
  static JobEvent end(Consumer<JobsBuilder> setUp) throws InterruptedException {
    List<JobEvent> events = run(setUp);
    return events.get(events.size() - 1);
  }

  private static boolean isNoEnd(JobEvent event) {
    return event instanceof JobEvent.Enqueued || event instanceof JobEvent.Started;
  }
}
