package dev.jobs4j.core;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Hears everything and waits for the ending of a job, or of one of its attempts. */
final class Endings implements JobListener {

  private final List<JobEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public synchronized void on(JobEvent event) {
    events.add(event);
    notifyAll();
  }

  List<JobEvent> all() {
    return events;
  }

  /** The first event of this kind about the job. */
  synchronized <E extends JobEvent> E of(JobId id, Class<E> kind) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      for (JobEvent event : events) {
        if (event.job().id().equals(id) && kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no " + kind.getSimpleName() + " of " + id + " among " + events);
      }
      wait(left);
    }
  }
}
