package dev.jobs4j.core.internal.event;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for what an operator wants to see: DEBUG for each job, WARN for what heals itself,
 * ERROR for what needs a person. Never a payload.
 */
public final class JobLog implements JobListener {

  private static final Logger log = LoggerFactory.getLogger("dev.jobs4j.jobs");

  @Override
  public void on(JobEvent event) {
    if (event instanceof JobEvent.Retried e) {
      log.warn(
          "Attempt failed, next try in {}: {} error={}", e.delay(), of(e.job()), of(e.failure()));
    } else if (event instanceof JobEvent.Died e) {
      log.error(
          "Job given up, kept as a dead letter: {} reason={} error={}",
          of(e.job()),
          e.reason(),
          of(e.failure()));
    } else if (event instanceof JobEvent.LeaseLost e) {
      log.warn("Lease lost, the outcome was dropped and another worker has it: {}", of(e.job()));
    } else if (event instanceof JobEvent.SlotLeaked e) {
      log.error(
          "Handler ignores its interruption, its slot is lost until it ends: {} error={}",
          of(e.job()),
          e.failure().stack());
    } else if (event instanceof JobEvent.Released e) {
      log.info("Job given back unfinished, no attempt spent: {}", of(e.job()));
    } else if (event instanceof JobEvent.FiringsDropped e) {
      log.warn(
          "Firings dropped: schedule={} first={} reason={}", e.schedule(), e.first(), e.reason());
    } else if (log.isDebugEnabled()) {
      log.debug("Job {}: {}", event.getClass().getSimpleName(), of(event.job()));
    }
  }

  private static String of(JobEvent.JobRef job) {
    return "job="
        + job.id()
        + " type="
        + job.type()
        + " queue="
        + job.queue()
        + " attempt="
        + job.attempt();
  }

  private static String of(Failure failure) {
    return failure.errorClass() + ": " + failure.message().replace('\n', ' ');
  }
}
