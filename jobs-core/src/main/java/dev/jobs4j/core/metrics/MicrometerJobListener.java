package dev.jobs4j.core.metrics;

import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells a Micrometer registry what happens to jobs: the timer {@code jobs.process} by queue, type
 * and outcome (succeeded, retried, dead), and the counters {@code jobs.enqueued}, {@code
 * jobs.snoozed}, {@code jobs.released}, {@code jobs.cancelled}, {@code jobs.lease.lost}, {@code
 * jobs.slots.leaked} and {@code jobs.firings.dropped} by queue and type. Tags are bounded: never an
 * id, a tenant or a message.
 */
public final class MicrometerJobListener implements JobListener {

  private record Key(String meter, String queue, String type, String outcome) {}

  private final MeterRegistry registry;
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  /** Writes to {@code registry}. */
  public MicrometerJobListener(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void on(JobEvent event) {
    JobEvent.JobRef job = event.job();
    if (event instanceof JobEvent.Enqueued) {
      count("jobs.enqueued", job);
    } else if (event instanceof JobEvent.Succeeded succeeded) {
      time("succeeded", job, succeeded.took());
    } else if (event instanceof JobEvent.Retried retried) {
      time("retried", job, retried.took());
    } else if (event instanceof JobEvent.Died died) {
      time("dead", job, died.took());
    } else if (event instanceof JobEvent.Snoozed) {
      count("jobs.snoozed", job);
    } else if (event instanceof JobEvent.Released) {
      count("jobs.released", job);
    } else if (event instanceof JobEvent.Cancelled) {
      count("jobs.cancelled", job);
    } else if (event instanceof JobEvent.LeaseLost) {
      count("jobs.lease.lost", job);
    } else if (event instanceof JobEvent.SlotLeaked) {
      count("jobs.slots.leaked", job);
    } else if (event instanceof JobEvent.FiringsDropped) {
      count("jobs.firings.dropped", job);
    }
  }

  private void time(String outcome, JobEvent.JobRef job, Duration took) {
    timers
        .computeIfAbsent(
            new Key("jobs.process", job.queue().name(), job.type(), outcome),
            key ->
                Timer.builder(key.meter)
                    .description("Time that handlers took, by how the attempt ended")
                    .tags("queue", key.queue, "type", key.type, "outcome", key.outcome)
                    .register(registry))
        .record(took);
  }

  private void count(String meter, JobEvent.JobRef job) {
    counters
        .computeIfAbsent(
            new Key(meter, job.queue().name(), job.type(), ""),
            key ->
                Counter.builder(key.meter)
                    .tags("queue", key.queue, "type", key.type)
                    .register(registry))
        .increment();
  }
}
