package dev.jobs4j.core.memory;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.util.List;
import java.util.Map;
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
  @Nullable Integer maxAttempts;
  @Nullable UniqueKey key;
  @Nullable String tenant;
  List<JobId> after;
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
    maxAttempts = job.maxAttempts();
    key = job.uniqueKey();
    tenant = job.tenant();
    after = job.after();
    headers = job.headers();
  }

  NewJob build() {
    return new NewJob(
        id,
        mayExist,
        type,
        typeVersion,
        queue,
        payload,
        priority,
        due,
        maxAttempts,
        key,
        tenant,
        after,
        headers);
  }
}
