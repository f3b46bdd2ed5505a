package dev.jobs4j.spi;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way into a backend.
 *
 * @param id its name
 * @param mayExist whether a job of this id may be there already (the caller chose the id, or this
 *     is a repeat); then every area is looked through first, and what is found is Existing
 * @param type the registered name of its kind
 * @param typeVersion the version of its payload's shape, from 1
 * @param queue its line
 * @param payload its encoded payload
 * @param priority how urgent it is
 * @param due when it may start; instants are cut to microseconds
 * @param maxAttempts the attempts it is allowed; null leaves it to the handler's policy
 * @param uniqueKey what keeps a second one out, or null
 * @param tenant on whose behalf it runs, or null
 * @param after the jobs that must succeed first
 * @param headers small text that travels with the job, such as a trace
 */
public record NewJob(
    JobId id,
    boolean mayExist,
    String type,
    int typeVersion,
    JobQueue queue,
    Payload payload,
    Priority priority,
    Due due,
    @Nullable Integer maxAttempts,
    @Nullable UniqueKey uniqueKey,
    @Nullable String tenant,
    List<JobId> after,
    Map<String, String> headers) {

  /** Cuts the due instant to microseconds, copies the collections. */
  public NewJob {
    if (due instanceof Due.At at) {
      Instant cut = at.instant().truncatedTo(ChronoUnit.MICROS);
      due = cut.equals(at.instant()) ? due : new Due.At(cut);
    }
    after = List.copyOf(after);
    headers = Map.copyOf(headers);
  }

  /** An ordinary job, due at once. */
  public static NewJob of(JobId id, String type, JobQueue queue, Payload payload) {
    return new NewJob(
        id,
        false,
        type,
        1,
        queue,
        payload,
        Priority.NORMAL,
        Due.now(),
        null,
        null,
        null,
        List.of(),
        Map.of());
  }
}
