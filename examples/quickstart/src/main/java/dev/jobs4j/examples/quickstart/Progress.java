package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Listens to the jobs, shows how far they are and lets the main thread wait for them. */
final class Progress implements JobListener {

  private final Screen screen;
  private final Map<JobId, String> pictures;
  private int done;

  /** Guarded by {@code this}, as all that follows; the monitor is notified at each change. */
  private final Set<JobId> running = new HashSet<>();

  private final Set<JobId> ended = new HashSet<>();

  /** Of {@code pictures} with their names, {@code done} have ended before. */
  Progress(Screen screen, Map<JobId, String> pictures, int done) {
    this.screen = screen;
    this.pictures = pictures;
    this.done = done;
  }

  @Override
  public synchronized void on(JobEvent event) {
    JobId id = event.job().id();
    if (event instanceof JobEvent.Started) {
      running.add(id);
    } else if (event instanceof JobEvent.Succeeded) {
      end(event, "done");
    } else if (event instanceof JobEvent.Died died) {
      end(event, "given up, " + Report.reason(died.failure()));
    } else if (event instanceof JobEvent.Cancelled) {
      end(event, "called off");
    } else if (event instanceof JobEvent.Retried retried) {
      running.remove(id);
      screen.line(
          "Retry "
              + name(event)
              + " in "
              + seconds(retried.delay())
              + " s: "
              + Report.reason(retried.failure()));
    } else if (!(event instanceof JobEvent.Enqueued)) {
      running.remove(id);
    }
    notifyAll();
  }

  private void end(JobEvent event, String how) {
    JobId id = event.job().id();
    running.remove(id);
    ended.add(id);
    if (pictures.containsKey(id)) {
      screen.progress(++done, pictures.size(), name(event), how);
    }
  }

  private String name(JobEvent event) {
    return pictures.getOrDefault(event.job().id(), event.job().type());
  }

  private static String seconds(Duration delay) {
    return String.format("%.1f", delay.toMillis() / 1000.0);
  }

  /**
   * Waits until all these jobs have ended here, at most for {@code patience}; whether they have.
   */
  synchronized boolean awaitEnded(Collection<JobId> ids, Duration patience) {
    try {
      if (!ended.containsAll(ids)) {
        wait(patience.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException(ExitCode.STOPPED, "Interrupted", e);
    }
    return ended.containsAll(ids);
  }

  /** Of these jobs, those that neither run here nor have ended here. */
  synchronized Set<JobId> neitherRunningNorEnded(Collection<JobId> ids) {
    Set<JobId> others = new HashSet<>(ids);
    others.removeAll(running);
    others.removeAll(ended);
    return others;
  }

  /** Whether nothing runs here at the moment. */
  synchronized boolean isIdle() {
    return running.isEmpty();
  }

  /** How far the pictures are, in words. */
  @Override
  public synchronized String toString() {
    return done + " of " + Report.counted(pictures.size(), "picture") + " ended";
  }
}
