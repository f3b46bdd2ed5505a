package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.pushEach;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.model.PushOptions;
import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/**
 * What a job looks like in its collection: one document from enqueue to deletion, whose {@code
 * state} says where it is. Times are {@linkplain Micros microseconds}. A field that says nothing is
 * absent, so that the sparse indexes hold only documents that matter to them.
 */
final class JobDocument {

  static final String ID = "_id";
  static final String STATE = "state"; // a StoredState
  static final String QUEUE = "queue";
  static final String TYPE = "type";
  static final String TYPE_VERSION = "typeVersion";
  static final String PAYLOAD = "payload"; // {codec, bytes}
  static final String PRIORITY = "priority"; // 1 to 5
  static final String RUN_AT = "runAt";
  static final String CREATED_AT = "createdAt";
  static final String FINISHED_AT = "finishedAt";
  static final String MAX_ATTEMPTS = "maxAttempts";
  static final String TENANT = "tenant";
  static final String TAGS = "tags";
  static final String HEADERS = "headers"; // [{name, value}]: a name may hold a dot

  static final String ATTEMPT = "attempt";
  static final String CRASHES = "crashes";
  static final String TOKEN = "token";
  static final String SUSPECT = "suspect";
  static final String ENGINE = "engine"; // only while RUNNING
  static final String CLAIM_ID = "claimId"; // only while RUNNING
  static final String CANCEL_REQUESTED = "cancelRequested"; // only while RUNNING
  static final String ATTEMPTS = "attempts"; // [{attempt, token, endedAt, failure}], the last ones
  static final String FAILURE = "failure"; // {errorClass, message, stack}
  static final String FAILURE_CLASS = "failure.errorClass";
  static final String FINGERPRINT = "fingerprint"; // only while DEAD
  static final String DEAD_REASON = "deadReason";
  static final String RESULT = "result"; // {codec, bytes}

  static final String KEY = "key"; // the unique key as asked for
  static final String HELD_KEY = "heldKey"; // the same while taken; a unique index
  static final String KEY_UNTIL = "keyUntil"; // taken at least so long

  static final String AFTER = "after"; // its parents, as asked for
  static final String WAITS = "waits"; // those of them that it still waits for, never empty
  static final String FOLLOWED = "followed"; // some job waits, or waited, for this one
  static final String UNFINISHED = "unfinished"; // WaitingJobs has something left to do for it
  static final String BATCH = "batch"; // the undecided insert that it is ENTERING with

  static final String ENDED_AT = "endedAt"; // of an attempt

  /** A document must stay below 16 MiB; an attempt takes up to 25 KiB. */
  private static final int ATTEMPTS_KEPT = 100;

  private JobDocument() {}

  static Document of(NewJob job, long now, StoredState state) {
    Document doc =
        new Document(ID, job.id().value())
            .append(STATE, state.name())
            .append(QUEUE, job.queue().name())
            .append(TYPE, job.type())
            .append(TYPE_VERSION, job.typeVersion())
            .append(PAYLOAD, payload(job.payload()))
            .append(PRIORITY, job.priority().level())
            .append(RUN_AT, runAt(job.due(), now))
            .append(CREATED_AT, now)
            .append(ATTEMPT, 0)
            .append(CRASHES, 0)
            .append(TOKEN, 0L)
            .append(SUSPECT, false);
    if (job.maxAttempts() != null) {
      doc.append(MAX_ATTEMPTS, job.maxAttempts());
    }
    if (job.tenant() != null) {
      doc.append(TENANT, job.tenant());
    }
    if (!job.tags().isEmpty()) {
      doc.append(TAGS, List.copyOf(job.tags()));
    }
    if (!job.headers().isEmpty()) {
      doc.append(
          HEADERS,
          job.headers().entrySet().stream()
              .map(h -> new Document("name", h.getKey()).append("value", h.getValue()))
              .toList());
    }
    if (job.uniqueKey() != null) {
      doc.append(KEY, job.uniqueKey().value())
          .append(HELD_KEY, job.uniqueKey().value())
          .append(KEY_UNTIL, Micros.plus(now, job.uniqueKey().window()));
    }
    if (!job.after().isEmpty()) {
      List<UUID> parents = job.after().stream().map(JobId::value).distinct().toList();
      doc.append(AFTER, parents).append(WAITS, parents);
    }
    return doc;
  }

  private static long runAt(Due due, long now) {
    return due instanceof Due.At at
        ? Micros.of(at.instant())
        : Micros.plus(now, ((Due.In) due).delay());
  }

  static JobId id(Document job) {
    return new JobId(job.get(ID, UUID.class));
  }

  static TokenLease lease(Document job) {
    return new TokenLease(id(job), job.getLong(TOKEN));
  }

  /** Matches the job while it runs under exactly this token: the guard of every outcome. */
  static Bson running(TokenLease lease) {
    return and(
        eq(ID, lease.id().value()),
        eq(TOKEN, lease.token()),
        eq(STATE, StoredState.RUNNING.name()));
  }

  /** The same, and whether it was asked to end is still as it was when {@code job} was read. */
  static Bson runningAsSeen(Document job) {
    return and(
        running(lease(job)),
        isFlagged(job, CANCEL_REQUESTED)
            ? eq(CANCEL_REQUESTED, true)
            : exists(CANCEL_REQUESTED, false));
  }

  /** Takes it out of its engine's hands; part of every update that ends a run. */
  static Bson unhold() {
    return combine(unset(ENGINE), unset(CLAIM_ID), unset(CANCEL_REQUESTED));
  }

  /** The end of a job; its key needs no write, see {@link UniqueKeys}. */
  static Bson ended(StoredState state, long now) {
    return combine(set(STATE, state.name()), set(FINISHED_AT, now));
  }

  static Bson dead(long now, DeadReason reason, Failure failure) {
    return combine(
        ended(StoredState.DEAD, now),
        set(DEAD_REASON, reason.name()),
        set(FINGERPRINT, failure.fingerprint()),
        set(FAILURE, failure(failure)));
  }

  static boolean isFlagged(Document job, String field) {
    return job.getBoolean(field, false);
  }

  static LeasedJob leased(Document job, long now) {
    long token = job.getLong(TOKEN);
    return new LeasedJob(
        lease(job),
        id(job),
        job.getString(TYPE),
        job.getInteger(TYPE_VERSION),
        JobQueue.of(job.getString(QUEUE)),
        payload(job.get(PAYLOAD, Document.class)),
        job.getInteger(ATTEMPT),
        job.getInteger(MAX_ATTEMPTS),
        OptionalLong.of(token),
        job.getBoolean(SUSPECT),
        Duration.of(Math.max(0, now - job.getLong(CREATED_AT)), ChronoUnit.MICROS),
        job.getString(TENANT),
        tags(job),
        headers(job),
        null);
  }

  /** The job as people see it; {@code state} is what they see of its state. */
  static Job job(Document job, JobState state) {
    return Job.builder(id(job), job.getString(TYPE), JobQueue.of(job.getString(QUEUE)), state)
        .priority(Priority.ofLevel(job.getInteger(PRIORITY)))
        .counts(job.getInteger(ATTEMPT), job.getInteger(CRASHES), job.getLong(TOKEN))
        .times(
            Micros.instant(job.getLong(RUN_AT)),
            Micros.instant(job.getLong(CREATED_AT)),
            job.containsKey(FINISHED_AT) ? Micros.instant(job.getLong(FINISHED_AT)) : null)
        .tenant(job.getString(TENANT))
        .typeVersion(job.getInteger(TYPE_VERSION))
        .tags(tags(job))
        .blockReason(StoredState.of(job) == StoredState.WAITING ? BlockReason.PARENTS : null)
        .flags(job.getBoolean(SUSPECT), isFlagged(job, CANCEL_REQUESTED))
        .failure(deadReason(job), failure(job.get(FAILURE, Document.class)))
        .build();
  }

  /** All of a job that has ended. */
  static ArchivedJob archived(Document job, JobState state, long now) {
    Document result = job.get(RESULT, Document.class);
    return new ArchivedJob(
        job(job, state),
        payload(job.get(PAYLOAD, Document.class)),
        headers(job),
        result == null ? null : payload(result),
        attempts(job),
        null,
        Micros.instant(now));
  }

  static DeadLetter deadLetter(Document job) {
    Payload payload = payload(job.get(PAYLOAD, Document.class));
    Failure failure = failure(job.get(FAILURE, Document.class));
    DeadReason reason = deadReason(job);
    if (failure == null || reason == null) {
      throw new IllegalStateException("Dead letter without failure or reason: " + id(job));
    }
    return new DeadLetter(
        id(job),
        job.getString(TYPE),
        JobQueue.of(job.getString(QUEUE)),
        reason,
        failure,
        job.getInteger(ATTEMPT),
        payload.bytes(),
        payload.codec(),
        Micros.instant(job.getLong(FINISHED_AT)),
        null,
        job.getInteger(TYPE_VERSION),
        job.getString(TENANT),
        tags(job),
        job.getString(FINGERPRINT));
  }

  /** What another job needs to be the same. */
  static NewJob content(Document job) {
    return NewJob.builder(
            id(job),
            job.getString(TYPE),
            JobQueue.of(job.getString(QUEUE)),
            payload(job.get(PAYLOAD, Document.class)))
        .typeVersion(job.getInteger(TYPE_VERSION))
        .priority(Priority.ofLevel(job.getInteger(PRIORITY)))
        .maxAttempts(job.getInteger(MAX_ATTEMPTS))
        .tenant(job.getString(TENANT))
        .tags(tags(job))
        .headers(headers(job))
        .build();
  }

  static List<AttemptRecord> attempts(Document job) {
    return job.getList(ATTEMPTS, Document.class, List.of()).stream()
        .map(
            a ->
                new AttemptRecord(
                    a.getInteger(ATTEMPT),
                    a.getLong(TOKEN),
                    Micros.instant(a.getLong(ENDED_AT)),
                    failure(a.get(FAILURE, Document.class))))
        .toList();
  }

  /** Adds the attempt that {@code job} was in to its history; a crash has no failure. */
  static Bson remember(Document job, long endedAt, @Nullable Failure failure) {
    Document attempt =
        new Document(ATTEMPT, job.getInteger(ATTEMPT))
            .append(TOKEN, job.getLong(TOKEN))
            .append(ENDED_AT, endedAt);
    if (failure != null) {
      attempt.append(FAILURE, failure(failure));
    }
    return pushEach(ATTEMPTS, List.of(attempt), new PushOptions().slice(-ATTEMPTS_KEPT));
  }

  static Document payload(Payload payload) {
    return new Document("codec", payload.codec()).append("bytes", new Binary(payload.bytes()));
  }

  static Payload payload(Document payload) {
    return new Payload(payload.getString("codec"), payload.get("bytes", Binary.class).getData());
  }

  static Document failure(Failure failure) {
    return new Document("errorClass", failure.errorClass())
        .append("message", failure.message())
        .append("stack", failure.stack());
  }

  private static @Nullable Failure failure(@Nullable Document failure) {
    return failure == null
        ? null
        : new Failure(
            failure.getString("errorClass"),
            failure.getString("message"),
            failure.getString("stack"));
  }

  private static @Nullable DeadReason deadReason(Document job) {
    String reason = job.getString(DEAD_REASON);
    return reason == null ? null : DeadReason.valueOf(reason);
  }

  private static Set<String> tags(Document job) {
    return Set.copyOf(job.getList(TAGS, String.class, List.of()));
  }

  private static Map<String, String> headers(Document job) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Document header : job.getList(HEADERS, Document.class, List.of())) {
      headers.put(header.getString("name"), header.getString("value"));
    }
    return headers;
  }
}
