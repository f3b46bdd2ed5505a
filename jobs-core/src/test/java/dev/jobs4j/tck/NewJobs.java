package dev.jobs4j.tck;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds a {@link NewJob}; says only what a case is about. */
final class NewJobs {

  static final String TYPE = "tck.work";
  static final Payload PAYLOAD = new Payload("json", "{}".getBytes(StandardCharsets.UTF_8));

  private JobId id = new JobId(UUID.randomUUID());
  private boolean mayExist;
  private String type = TYPE;
  private int typeVersion = 1;
  private JobQueue queue = StoreCases.QUEUE;
  private Payload payload = PAYLOAD;
  private Priority priority = Priority.NORMAL;
  private Due due = Due.now();
  private @Nullable Integer maxAttempts;
  private @Nullable UniqueKey uniqueKey;
  private @Nullable String tenant;
  private Set<String> tags = Set.of();
  private Set<LimitKey> limits = Set.of();
  private @Nullable Due expires;
  private List<JobId> after = List.of();
  private List<JobId> afterEnd = List.of();
  private @Nullable Fifo fifo;
  private Map<String, String> headers = Map.of();

  static NewJobs job() {
    return new NewJobs();
  }

  /** The caller's own id: it may exist already. */
  NewJobs repeatable(JobId value) {
    id = value;
    mayExist = true;
    return this;
  }

  NewJobs id(JobId value) {
    id = value;
    return this;
  }

  NewJobs type(String value) {
    type = value;
    return this;
  }

  NewJobs typeVersion(int value) {
    typeVersion = value;
    return this;
  }

  NewJobs fifo(String key) {
    return fifo(key, Fifo.OnDead.BLOCK);
  }

  NewJobs fifo(String key, Fifo.OnDead onDead) {
    fifo = new Fifo(key, onDead);
    return this;
  }

  NewJobs queue(JobQueue value) {
    queue = value;
    return this;
  }

  NewJobs payload(Payload value) {
    payload = value;
    return this;
  }

  NewJobs priority(Priority value) {
    priority = value;
    return this;
  }

  NewJobs delay(Duration value) {
    due = new Due.In(value);
    return this;
  }

  NewJobs at(Instant value) {
    due = new Due.At(value);
    return this;
  }

  NewJobs maxAttempts(int value) {
    maxAttempts = value;
    return this;
  }

  NewJobs key(String value) {
    return key(value, Duration.ZERO);
  }

  NewJobs key(String value, Duration window) {
    uniqueKey = new UniqueKey(value, window);
    return this;
  }

  NewJobs tenant(String value) {
    tenant = value;
    return this;
  }

  NewJobs after(JobId... parents) {
    after = List.of(parents);
    return this;
  }

  NewJobs afterEnd(JobId... parents) {
    afterEnd = List.of(parents);
    return this;
  }

  NewJobs headers(Map<String, String> value) {
    headers = value;
    return this;
  }

  NewJobs tags(String... values) {
    tags = Set.of(values);
    return this;
  }

  NewJobs limits(String... keys) {
    limits = Arrays.stream(keys).map(LimitKey::parse).collect(Collectors.toSet());
    return this;
  }

  NewJobs expireAfter(Duration value) {
    expires = new Due.In(value);
    return this;
  }

  /** Where a backend can do it. */
  NewJobs expireAfterIf(boolean able, Duration value) {
    return able ? expireAfter(value) : this;
  }

  NewJobs expireAt(Instant value) {
    expires = new Due.At(value);
    return this;
  }

  NewJobs replace(String key) {
    uniqueKey = new UniqueKey(key, Duration.ZERO, OnConflict.REPLACE);
    return this;
  }

  NewJobs debounce(String key, Duration quiet) {
    uniqueKey = new UniqueKey(key, Duration.ZERO, OnConflict.DEBOUNCE);
    return delay(quiet);
  }

  NewJob build() {
    return NewJob.builder(id, type, queue, payload)
        .mayExist(mayExist)
        .typeVersion(typeVersion)
        .priority(priority)
        .due(due)
        .expires(expires)
        .maxAttempts(maxAttempts)
        .uniqueKey(uniqueKey)
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
