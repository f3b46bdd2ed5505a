package dev.jobs4j.api;

import dev.jobs4j.api.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a request while a copy is made; changed by nobody afterwards. */
final class Draft<P> {
  final JobType<P> type;
  final P payload;
  @Nullable JobId id;
  @Nullable JobQueue queue;
  Due due = Due.now();

  /** Whether {@code due} is the quiet time of a debounce. */
  boolean debounced;

  @Nullable Due expires;
  Priority priority = Priority.NORMAL;
  @Nullable UniqueKey uniqueKey;
  @Nullable String tenant;
  Set<String> tags = Set.of();
  Set<LimitKey> limits = Set.of();
  @Nullable Integer maxAttempts;
  @Nullable Backoff backoff;
  @Nullable Duration timeout;
  Durability durability = Durability.DEFAULT;
  List<JobId> after = List.of();
  List<JobId> afterEnd = List.of();
  @Nullable Fifo fifo;

  Draft(JobType<P> type, P payload) {
    this.type = type;
    this.payload = payload;
  }

  Draft(Draft<P> other) {
    type = other.type;
    payload = other.payload;
    id = other.id;
    queue = other.queue;
    due = other.due;
    debounced = other.debounced;
    expires = other.expires;
    priority = other.priority;
    uniqueKey = other.uniqueKey;
    tenant = other.tenant;
    tags = other.tags;
    limits = other.limits;
    maxAttempts = other.maxAttempts;
    backoff = other.backoff;
    timeout = other.timeout;
    durability = other.durability;
    after = other.after;
    afterEnd = other.afterEnd;
    fifo = other.fifo;
  }
}
