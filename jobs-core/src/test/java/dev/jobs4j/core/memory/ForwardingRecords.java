package dev.jobs4j.core.memory;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.KeptResult;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Standing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records with nothing changed; faulty ones override what they get wrong. */
class ForwardingRecords implements JobRecords {

  final JobRecords records;

  ForwardingRecords(JobRecords records) {
    this.records = records;
  }

  @Override
  public Optional<Job> find(JobId id) {
    return records.find(id);
  }

  @Override
  public Optional<Standing> standing(JobId id) {
    return records.standing(id);
  }

  @Override
  public boolean isLocked(JobId id) {
    return records.isLocked(id);
  }

  @Override
  public Cancellation cancel(JobId id) {
    return records.cancel(id);
  }

  @Override
  public boolean requeue(JobId id) {
    return records.requeue(id);
  }

  @Override
  public boolean delete(JobId id) {
    return records.delete(id);
  }

  @Override
  public Optional<Payload> result(JobId id) {
    return records.result(id);
  }

  @Override
  public List<KeptResult> results(List<JobId> ids) {
    return records.results(ids);
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return records.attempts(id);
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return records.progress(id);
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    return records.log(id, after, limit);
  }

  @Override
  public Optional<NewJob> content(JobId id) {
    return records.content(id);
  }

  @Override
  public DeadLetterRecords letters() {
    return records.letters();
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue, @Nullable JobId after, int limit) {
    return records.deadLetters(queue, after, limit);
  }

  @Override
  public Map<JobState, Long> count(JobQueue queue) {
    return records.count(queue);
  }
}
