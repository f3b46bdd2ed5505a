package dev.jobs4j.core.memory;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A new job whose parts can be changed, for stores that keep it wrongly. */
final class Draft {
  JobId id;
  boolean mayExist;
  String type;
  int typeVersion;
  JobQueue queue;
  Payload payload;
  Priority priority;
  Due due;
  @Nullable Due expires;
  @Nullable Integer maxAttempts;
  @Nullable UniqueKey key;
  @Nullable String tenant;
  Set<String> tags;
  Set<LimitKey> limits;
  List<JobId> after;
  List<JobId> afterEnd;
  @Nullable Fifo fifo;
  Map<String, String> headers;

  Draft(NewJob job) {
    id = job.id();
    mayExist = job.mayExist();
    type = job.type();
    typeVersion = job.typeVersion();
    queue = job.queue();
    payload = job.payload();
    priority = job.priority();
    due = job.due();
    expires = job.expires();
    maxAttempts = job.maxAttempts();
    key = job.uniqueKey();
    tenant = job.tenant();
    tags = job.tags();
    limits = job.limits();
    after = job.after();
    afterEnd = job.afterEnd();
    fifo = job.fifo();
    headers = job.headers();
  }

  NewJob build() {
    return NewJob.builder(id, type, queue, payload)
        .mayExist(mayExist)
        .typeVersion(typeVersion)
        .priority(priority)
        .due(due)
        .expires(expires)
        .maxAttempts(maxAttempts)
        .uniqueKey(key)
        .tenant(tenant)
        .tags(tags)
        .limits(limits)
        .after(after)
        .afterEnd(afterEnd)
        .fifo(fifo)
        .headers(headers)
        .build();
  }
}
