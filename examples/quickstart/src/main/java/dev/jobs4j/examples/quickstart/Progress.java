package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Listens to the jobs, shows how far they are and lets the main thread wait for them. */
final class Progress implements JobListener {

  private final Screen screen;
  private final Map<JobId, String> pictures;

  /** Guards what follows: events come on many threads. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition oneEnded = lock.newCondition();
  private final Set<JobId> running = new HashSet<>();
  private final Set<JobId> ended = new HashSet<>();
  private int picturesEnded;

  /** Of {@code pictures}, with their names, so many have {@code endedBefore}. */
  Progress(Screen screen, Map<JobId, String> pictures, int endedBefore) {
    this.screen = screen;
    this.pictures = Map.copyOf(pictures);
    this.picturesEnded = endedBefore;
  }

  @Override
  public void on(JobEvent event) {
    locked(
        () -> {
          note(event);
          return event;
        });
  }

  private void note(JobEvent event) {
    JobId id = event.job().id();
    if (event instanceof JobEvent.Started) {
      running.add(id);
      return;
    }
    running.remove(id);
    if (event instanceof JobEvent.Succeeded) {
      end(event, "done");
    } else if (event instanceof JobEvent.Died died) {
      end(event, "dead letter, " + Report.reason(died.failure()));
    } else if (event instanceof JobEvent.Cancelled) {
      end(event, "called off");
    } else if (event instanceof JobEvent.Retried retried) {
      String delay = String.format(Locale.ROOT, "%.1f s", retried.delay().toMillis() / 1000.0);
      screen.line(
          "Retry " + name(event) + " in " + delay + ": " + Report.reason(retried.failure()));
    }
  }

  private void end(JobEvent event, String how) {
    JobId id = event.job().id();
    ended.add(id);
    if (pictures.containsKey(id)) {
      screen.progress(++picturesEnded, pictures.size(), name(event), how);
    }
    oneEnded.signalAll();
  }

  private String name(JobEvent event) {
    return pictures.getOrDefault(event.job().id(), event.job().type());
  }

  /**
   * Waits until all these jobs have ended here, at most for {@code patience}; whether they have.
   */
  boolean awaitEnded(Collection<JobId> ids, Duration patience) {
    return locked(
        () -> {
          try {
            long left = patience.toNanos();
            while (!ended.containsAll(ids) && left > 0) {
              left = oneEnded.awaitNanos(left);
            }
            return ended.containsAll(ids);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailedException(ExitCode.STOPPED, "Interrupted", e);
          }
        });
  }

  /** Of these jobs, those that neither run here nor have ended here. */
  Set<JobId> neitherRunningNorEnded(Collection<JobId> ids) {
    return locked(
        () -> {
          Set<JobId> others = new HashSet<>(ids);
          others.removeAll(running);
          others.removeAll(ended);
          return others;
        });
  }

  /** Whether nothing runs here at the moment. */
  boolean isIdle() {
    return locked(running::isEmpty);
  }

  /** How far the pictures are, in words. */
  @Override
  public String toString() {
    return locked(() -> picturesEnded)
        + (" of " + Report.counted(pictures.size(), "picture") + " ended");
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
