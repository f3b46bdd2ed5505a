package dev.jobs4j.spi;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a store knows of a job that it is about to delete.
 *
 * @param job the job as it was seen last; it has ended
 * @param payload as it is stored: what is encrypted stays so, and nothing is masked
 * @param headers its headers
 * @param result the result it left, as it is stored; null if it left none
 * @param attempts its failed attempts that are known, in order of their tokens
 * @param origin where it came from, if that is known
 * @param archivedAt the time of the store
 */
public record ArchivedJob(
    Job job,
    Payload payload,
    Map<String, String> headers,
    @Nullable Payload result,
    List<AttemptRecord> attempts,
    @Nullable String origin,
    Instant archivedAt) {

  /** Copies the collections. */
  public ArchivedJob {
    headers = Map.copyOf(headers);
    attempts = List.copyOf(attempts);
  }
}
