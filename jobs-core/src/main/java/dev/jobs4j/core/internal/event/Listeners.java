package dev.jobs4j.core.internal.event;

import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stop 7: tells each listener in turn; one that throws does not keep the others from hearing. */
public final class Listeners {

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<JobListener> listeners;

  /** Tells these, in this order. */
  public Listeners(List<JobListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Tells everyone. */
  public void publish(JobEvent event) {
    for (JobListener listener : listeners) {
      try {
        listener.on(event);
      } catch (Throwable e) { // an edge: a listener is foreign code and must not end a worker
        log.warn("Listener failed, the job goes on: listener={}", listener.getClass().getName(), e);
      }
    }
  }
}
