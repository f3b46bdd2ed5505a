package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beside the way: takes jobs back from dead engines and gives up those that did not start in time.
 * Every engine does this; the store makes it harmless that several do.
 */
final class Maintenance {

  private static final Logger log = LoggerFactory.getLogger(Maintenance.class);
  private static final int BATCH = 500;

  /** A lease is over after its last microsecond. */
  private static final Duration PAST = Duration.ofMillis(10);

  /** Not all nodes need look at the same moment. */
  private static final int SPREAD_MILLIS = 200;

  private final JobStore store;
  private final EngineOptions options;
  private final Listeners listeners;
  private final Runnable jobsReturned;
  private final Duration past;

  /**
   * Of a store, with the engine's options.
   *
   * @param node another one on each node
   * @param jobsReturned run when something may be claimed again
   */
  Maintenance(
      JobStore store,
      EngineOptions options,
      Listeners listeners,
      UUID node,
      Runnable jobsReturned) {
    this.store = store;
    this.options = options;
    this.listeners = listeners;
    this.jobsReturned = jobsReturned;
    past = PAST.plusMillis(Math.floorMod(node.hashCode(), SPREAD_MILLIS));
  }

  /** One step of the maintenance loop; the answer is zero while there is more to do. */
  Duration step() {
    Reaped reaped =
        store.reap(new ReapRequest(options.lease().grace(), BATCH, options.lease().maxCrashes()));
    if (!reaped.isEmpty()) {
      tell(reaped);
    }
    if (reaped.more()) {
      return Duration.ZERO;
    }
    List<JobId> expired = store.expire(BATCH);
    if (!expired.isEmpty()) {
      log.warn("Gave up jobs that did not start in time: jobs={}", expired.size());
      expired.forEach(id -> tellDead(id, DeadReason.EXPIRED, "it did not start in time"));
      jobsReturned.run();
    }
    return expired.size() == BATCH ? Duration.ZERO : untilNextLook(reaped);
  }

  /** A lease that nobody renews is looked at when it ends, not up to an interval later. */
  private Duration untilNextLook(Reaped reaped) {
    Duration interval = options.lease().reapInterval();
    return reaped
        .nextEnd()
        .map(end -> end.plus(past))
        .filter(end -> end.compareTo(interval) < 0)
        .orElse(interval);
  }

  private void tell(Reaped reaped) {
    log.warn(
        "Took jobs back from dead engines: engines={} returned={} dead={} cancelled={}",
        reaped.fenced(),
        reaped.returned().size(),
        reaped.dead().size(),
        reaped.cancelled().size());
    for (JobId id : reaped.dead()) {
      tellDead(id, DeadReason.CRASH_LOOP, "its engine died each time it ran");
    }
    for (JobId id : reaped.cancelled()) {
      ref(id).ifPresent(job -> listeners.publish(new JobEvent.Cancelled(job)));
    }
    if (!reaped.returned().isEmpty() || !reaped.dead().isEmpty()) {
      jobsReturned.run(); // something may follow a death
    }
  }

  private void tellDead(JobId id, DeadReason reason, String why) {
    ref(id)
        .ifPresent(
            job ->
                listeners.publish(
                    new JobEvent.Died(job, Duration.ZERO, reason, new Failure("", why, ""))));
  }

  private Optional<JobEvent.JobRef> ref(JobId id) {
    return store.records().find(id).map(Maintenance::ref);
  }

  private static JobEvent.JobRef ref(Job job) {
    return new JobEvent.JobRef(job.id(), job.type(), job.queue(), job.attempt());
  }
}
