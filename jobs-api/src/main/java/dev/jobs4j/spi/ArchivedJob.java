package dev.jobs4j.spi;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.LimitKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a store knows of a job that it is about to delete.
 *
 * @param job the job as it was seen last; it has ended
 * @param typeVersion the version of its payload
 * @param payload as it is stored: what is encrypted stays so, and nothing is masked
 * @param headers its headers
 * @param limits the keys that it counted against
 * @param fifo the line that it stood in, if any
 * @param result the result it left, as it is stored; null if it left none
 * @param attempts its failed attempts that are known, in order of their tokens
 * @param origin where it came from, if that is known
 * @param archivedAt the time of the store
 */
public record ArchivedJob(
    Job job,
    int typeVersion,
    Payload payload,
    Map<String, String> headers,
    Set<LimitKey> limits,
    @Nullable Fifo fifo,
    @Nullable Payload result,
    List<AttemptRecord> attempts,
    @Nullable String origin,
    Instant archivedAt) {

  /** Copies the collections. */
  public ArchivedJob {
    headers = Map.copyOf(headers);
    limits = Set.copyOf(limits);
    attempts = List.copyOf(attempts);
  }
}
