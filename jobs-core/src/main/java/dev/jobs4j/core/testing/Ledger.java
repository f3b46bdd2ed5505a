package dev.jobs4j.core.testing;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.spi.JobRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every job of a test and what happened to it, from the first enqueue on. Of a job that its store
 * keeps no longer it knows the last. Thread-safe, as the code under test may enqueue from anywhere.
 */
final class Ledger implements JobListener {

  private final JobRecords records;
  private final List<JobEvent> events = new ArrayList<>();
  private final Set<JobId> ids = new LinkedHashSet<>();
  private final Map<JobId, Object> payloads = new HashMap<>();
  private final Map<JobId, Job> last = new HashMap<>();

  Ledger(JobRecords records) {
    this.records = records;
  }

  @Override
  public synchronized void on(JobEvent event) {
    events.add(event);
    ids.add(event.job().id());
    note(event.job().id());
  }

  /** Remembers what the job is like now. */
  synchronized void note(JobId id) {
    records.find(id).ifPresent(job -> last.put(id, job));
  }

  /** A request was answered. */
  synchronized void enqueued(Enqueued answer, Object payload) {
    if (answer instanceof Enqueued.Created
        || (answer instanceof Enqueued.Existing existing && existing.replaced())) {
      payload(answer.id(), payload);
    }
  }

  /** A job of this id, once there is one, has this payload. */
  synchronized void payload(JobId id, Object payload) {
    payloads.put(id, payload);
  }

  /** An ended job runs again under another id, with the payload that it had. */
  synchronized void rerun(JobId ended, JobId again) {
    Object payload = payloads.get(ended);
    if (payload != null) {
      payload(again, payload);
    }
  }

  synchronized List<JobEvent> events() {
    return List.copyOf(events);
  }

  /** The jobs as they are now, in the order of their enqueue. */
  synchronized List<Job> jobs() {
    return ids.stream().flatMap(id -> job(id).stream()).toList();
  }

  private Optional<Job> job(JobId id) {
    return records.find(id).or(() -> Optional.ofNullable(last.get(id)));
  }

  /** What was given to the enqueue; null if that was by nobody we know. */
  synchronized @Nullable Object payload(JobId id) {
    return payloads.get(id);
  }

  /** When the next waiting job is due after {@code now}; null if none is. */
  @Nullable Instant nextDue(Instant now) {
    return jobs().stream()
        .filter(job -> job.state() == JobState.PENDING && job.runAt().isAfter(now))
        .map(Job::runAt)
        .min(Instant::compareTo)
        .orElse(null);
  }
}
