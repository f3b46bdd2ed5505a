package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.JobException;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.LeasedJob;
import java.time.Duration;

/**
 * Stop 3: takes turns at one source, with demand = free slots and what to have at hand beyond, and
 * hands what it gets to the dispatcher. The source gets its turn also when nothing is wanted, and
 * rests inside it.
 */
final class Poller {

  private final JobSource source;
  private final Dispatcher dispatcher;

  Poller(JobSource source, Dispatcher dispatcher) {
    this.source = source;
    this.dispatcher = dispatcher;
  }

  /** One step of the poller's loop. */
  Duration step(Duration patience) throws InterruptedException {
    int refused = 0;
    Demand demand = dispatcher.demand();
    for (LeasedJob job : source.turn(demand, dispatcher.untilStale(patience))) {
      if (!dispatcher.dispatch(job)) {
        refused++;
      }
    }
    if (refused > 0) { // the loop backs off, or the same jobs would come and go at full speed
      throw new JobException("No thread for " + refused + " jobs, they went back");
    }
    return Duration.ZERO;
  }
}
