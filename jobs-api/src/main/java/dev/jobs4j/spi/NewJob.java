package dev.jobs4j.spi;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way into a backend. Made by {@link #builder}, so that a field more breaks nobody.
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
 * @param expires when it must have started, or null; instants are cut to microseconds
 * @param maxAttempts the attempts it is allowed; null leaves it to the handler's policy
 * @param uniqueKey what keeps a second one out, or null
 * @param tenant on whose behalf it runs, or null
 * @param tags words to find it by
 * @param limits what it counts against while it runs
 * @param after the jobs that must succeed first
 * @param afterEnd the jobs that must have ended first, however
 * @param fifo the line it stands in, or null
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
    @Nullable Due expires,
    @Nullable Integer maxAttempts,
    @Nullable UniqueKey uniqueKey,
    @Nullable String tenant,
    Set<String> tags,
    Set<LimitKey> limits,
    List<JobId> after,
    List<JobId> afterEnd,
    @Nullable Fifo fifo,
    Map<String, String> headers) {

  /** Cuts instants to microseconds, copies the collections. */
  public NewJob {
    due = cut(due);
    expires = expires == null ? null : cut(expires);
    tags = Set.copyOf(tags);
    limits = Set.copyOf(limits);
    after = List.copyOf(after);
    afterEnd = List.copyOf(afterEnd);
    headers = Map.copyOf(headers);
  }

  private static Due cut(Due due) {
    if (due instanceof Due.At at) {
      Instant cut = at.instant().truncatedTo(ChronoUnit.MICROS);
      return cut.equals(at.instant()) ? due : new Due.At(cut);
    }
    return due;
  }

  /**
   * The jobs it waits for, and under which rule; a job named twice is waited for the stricter way.
   */
  public Map<JobId, WaitRule> parents() {
    if (after.isEmpty() && afterEnd.isEmpty()) {
      return Map.of();
    }
    Map<JobId, WaitRule> parents = new LinkedHashMap<>();
    after.forEach(parent -> parents.put(parent, WaitRule.SUCCEEDED));
    afterEnd.forEach(parent -> parents.putIfAbsent(parent, WaitRule.ENDED));
    return parents;
  }

  /** An ordinary job, due at once. */
  public static NewJob of(JobId id, String type, JobQueue queue, Payload payload) {
    return builder(id, type, queue, payload).build();
  }

  /** An ordinary job, due at once, to change. */
  public static Builder builder(JobId id, String type, JobQueue queue, Payload payload) {
    return new Builder(id, type, queue, payload);
  }

  /** The same job, to change. */
  public Builder toBuilder() {
    Builder copy = new Builder(id, type, queue, payload);
    copy.mayExist = mayExist;
    copy.typeVersion = typeVersion;
    copy.priority = priority;
    copy.due = due;
    copy.expires = expires;
    copy.maxAttempts = maxAttempts;
    copy.uniqueKey = uniqueKey;
    copy.tenant = tenant;
    copy.tags = tags;
    copy.limits = limits;
    copy.after = after;
    copy.afterEnd = afterEnd;
    copy.fifo = fifo;
    copy.headers = headers;
    return copy;
  }

  /** Collects what differs from an ordinary job; see the components. Not thread-safe. */
  public static final class Builder {
    private JobId id;
    private String type;
    private JobQueue queue;
    private Payload payload;
    private boolean mayExist;
    private int typeVersion = 1;
    private Priority priority = Priority.NORMAL;
    private Due due = Due.now();
    private @Nullable Due expires;
    private @Nullable Integer maxAttempts;
    private @Nullable UniqueKey uniqueKey;
    private @Nullable String tenant;
    private Set<String> tags = Set.of();
    private Set<LimitKey> limits = Set.of();
    private List<JobId> after = List.of();
    private List<JobId> afterEnd = List.of();
    private @Nullable Fifo fifo;
    private Map<String, String> headers = Map.of();

    private Builder(JobId id, String type, JobQueue queue, Payload payload) {
      this.id = id;
      this.type = type;
      this.queue = queue;
      this.payload = payload;
    }

    /** Sets the id. */
    public Builder id(JobId value) {
      id = value;
      return this;
    }

    /** Says that a job of this id may be there already. */
    public Builder mayExist(boolean value) {
      mayExist = value;
      return this;
    }

    /** Sets the type. */
    public Builder type(String value) {
      type = value;
      return this;
    }

    /** Sets the version of the payload's shape. */
    public Builder typeVersion(int value) {
      typeVersion = value;
      return this;
    }

    /** Sets the queue. */
    public Builder queue(JobQueue value) {
      queue = value;
      return this;
    }

    /** Sets the payload. */
    public Builder payload(Payload value) {
      payload = value;
      return this;
    }

    /** Sets the urgency. */
    public Builder priority(Priority value) {
      priority = value;
      return this;
    }

    /** Sets when it may start. */
    public Builder due(Due value) {
      due = value;
      return this;
    }

    /** Sets when it must have started. */
    public Builder expires(@Nullable Due value) {
      expires = value;
      return this;
    }

    /** Sets the attempts it is allowed. */
    public Builder maxAttempts(@Nullable Integer value) {
      maxAttempts = value;
      return this;
    }

    /** Sets what keeps a second one out. */
    public Builder uniqueKey(@Nullable UniqueKey value) {
      uniqueKey = value;
      return this;
    }

    /** Sets on whose behalf it runs. */
    public Builder tenant(@Nullable String value) {
      tenant = value;
      return this;
    }

    /** Sets the words to find it by. */
    public Builder tags(Collection<String> value) {
      tags = Set.copyOf(value);
      return this;
    }

    /** Sets what it counts against while it runs. */
    public Builder limits(Collection<LimitKey> value) {
      limits = Set.copyOf(value);
      return this;
    }

    /** Sets the jobs that must succeed first. */
    public Builder after(List<JobId> value) {
      after = value;
      return this;
    }

    /** Sets the jobs that must have ended first. */
    public Builder afterEnd(List<JobId> value) {
      afterEnd = value;
      return this;
    }

    /** Sets the line it stands in. */
    public Builder fifo(@Nullable Fifo value) {
      fifo = value;
      return this;
    }

    /** Sets the text that travels with it. */
    public Builder headers(Map<String, String> value) {
      headers = value;
      return this;
    }

    /** The job. */
    public NewJob build() {
      return new NewJob(
          id,
          mayExist,
          type,
          typeVersion,
          queue,
          payload,
          priority,
          due,
          expires,
          maxAttempts,
          uniqueKey,
          tenant,
          tags,
          limits,
          after,
          afterEnd,
          fifo,
          headers);
    }
  }
}
