package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What people and tools may see and do. A job stays one document, so there is one place to look.
 */
final class MongoRecords implements JobRecords {

  private final MongoCollection<Document> jobs;
  private final Batches batches;
  private final WaitingJobs waiting;
  private final UniqueKeys keys;
  private final ServerClock clock;

  MongoRecords(
      Areas areas, Batches batches, WaitingJobs waiting, UniqueKeys keys, ServerClock clock) {
    this.jobs = areas.jobs();
    this.batches = batches;
    this.waiting = waiting;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Optional<Job> find(JobId id) {
    return StoreErrors.oneStep(
        "find job " + id,
        () -> {
          Document job = look(id);
          return job == null
              ? Optional.empty()
              : StoredState.of(job).visible().map(state -> JobDocument.job(job, state));
        });
  }

  @Override
  public Cancellation cancel(JobId id) {
    return StoreErrors.oneStep("cancel job " + id, () -> tryCancel(id));
  }

  /**
   * Each try is guarded by the state it is about; a job that moves on between them is met again.
   */
  private Cancellation tryCancel(JobId id) {
    Bson itself = eq(JobDocument.ID, id.value());
    while (true) {
      Document job = look(id);
      if (job == null || StoredState.of(job).visible().isEmpty()) {
        return Cancellation.UNKNOWN;
      }
      if (StoredState.ENDED.contains(job.getString(JobDocument.STATE))) {
        return Cancellation.TOO_LATE;
      }
      if (matches(
          and(itself, in(JobDocument.STATE, StoredState.NOT_STARTED)),
          combine(
              JobDocument.ended(StoredState.CANCELLED, clock.now()), unset(JobDocument.WAITS)))) {
        return Cancellation.CANCELLED;
      }
      if (matches(
          and(itself, eq(JobDocument.STATE, StoredState.RUNNING.name())),
          set(JobDocument.CANCEL_REQUESTED, true))) {
        return Cancellation.REQUESTED;
      }
    }
  }

  @Override
  public boolean requeue(JobId id) {
    return StoreErrors.manySteps("requeue job " + id, () -> tryRequeue(id));
  }

  private boolean tryRequeue(JobId id) {
    while (true) {
      Document job = look(id);
      if (job == null || !StoredState.REQUEUEABLE.contains(job.getString(JobDocument.STATE))) {
        return false;
      }
      long now = clock.now();
      String key = job.getString(JobDocument.KEY);
      if (key != null) {
        Document holder = jobs.find(UniqueKeys.heldBy(key)).first();
        if (holder != null && !JobDocument.id(holder).equals(id)) {
          if (!UniqueKeys.isOver(holder, now)) {
            return false; // at most one job that has not ended may hold the key
          }
          keys.free(key, now);
        }
      }
      try {
        if (matches(asSeen(job), rebirth(job, now))) {
          if (job.containsKey(JobDocument.AFTER)) {
            waiting.finishChild(new Document(job).append(JobDocument.RUN_AT, now));
          }
          return true;
        }
      } catch (MongoWriteException e) {
        if (!StoreErrors.isDuplicateKey(e)) {
          throw e;
        }
        // Another took the key between the look and the write: look again.
      }
    }
  }

  /** One with parents waits for them all; {@code finishChild} then sees which of them matter. */
  private static Bson rebirth(Document job, long now) {
    boolean child = job.containsKey(JobDocument.AFTER);
    Bson reborn =
        combine(
            set(JobDocument.STATE, (child ? StoredState.WAITING : StoredState.PENDING).name()),
            set(JobDocument.RUN_AT, now),
            set(JobDocument.ATTEMPT, 0),
            set(JobDocument.CRASHES, 0),
            set(JobDocument.SUSPECT, false),
            unset(JobDocument.FINISHED_AT),
            unset(JobDocument.DEAD_REASON),
            unset(JobDocument.RESULT));
    if (child) {
      reborn =
          combine(
              reborn,
              set(JobDocument.WAITS, job.get(JobDocument.AFTER)),
              set(JobDocument.UNFINISHED, true));
    }
    String key = job.getString(JobDocument.KEY);
    return key == null ? reborn : combine(reborn, set(JobDocument.HELD_KEY, key));
  }

  @Override
  public boolean delete(JobId id) {
    return StoreErrors.oneStep(
        "delete job " + id,
        () -> {
          Document job = look(id);
          return job != null
              && StoredState.ENDED.contains(job.getString(JobDocument.STATE))
              && delete(job);
        });
  }

  private boolean delete(Document ended) {
    if (JobDocument.isFlagged(ended, JobDocument.UNFINISHED)
        && StoredState.of(ended) == StoredState.SUCCEEDED) {
      waiting.finishParent(ended.get(JobDocument.ID, UUID.class)); // or nobody ever would
    }
    return keys.bury(ended, clock.now());
  }

  /** Deletes finished jobs and keys that nobody needs any more; see {@code JobStore.prune}. */
  int prune(Duration retention, int limit) {
    long now = clock.now();
    int pruned = 0;
    for (StoredState state : List.of(StoredState.SUCCEEDED, StoredState.CANCELLED)) {
      List<Document> old =
          jobs.find(
                  and(
                      eq(JobDocument.STATE, state.name()),
                      lt(JobDocument.FINISHED_AT, Micros.minus(now, retention))))
              .projection(Projections.exclude(JobDocument.PAYLOAD))
              .sort(Sorts.ascending(JobDocument.FINISHED_AT))
              .limit(limit - pruned)
              .into(new ArrayList<>());
      for (Document job : old) {
        pruned += delete(job) ? 1 : 0;
      }
      if (pruned >= limit) {
        break; // to MongoDB a limit of 0 means none
      }
    }
    return pruned + keys.prune(now, limit);
  }

  @Override
  public Optional<Payload> result(JobId id) {
    return StoreErrors.oneStep(
        "read the result of job " + id,
        () ->
            Optional.ofNullable(look(id))
                .map(job -> job.get(JobDocument.RESULT, Document.class))
                .map(JobDocument::payload));
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return StoreErrors.oneStep(
        "read the attempts of job " + id,
        () -> Optional.ofNullable(look(id)).map(JobDocument::attempts).orElse(List.of()));
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue, @Nullable JobId after, int limit) {
    if (limit < 1) {
      return List.of(); // to MongoDB a limit of 0 means none
    }
    Bson letters =
        and(eq(JobDocument.QUEUE, queue.name()), eq(JobDocument.STATE, StoredState.DEAD.name()));
    return StoreErrors.oneStep(
        "read the dead letters of queue " + queue,
        () ->
            jobs.find(after == null ? letters : and(letters, gt(JobDocument.ID, after.value())))
                .sort(Sorts.ascending(JobDocument.ID))
                .limit(limit)
                .map(JobDocument::deadLetter)
                .into(new ArrayList<>()));
  }

  @Override
  public Map<JobState, Long> count(JobQueue queue) {
    return StoreErrors.oneStep(
        "count the jobs of queue " + queue,
        () -> {
          Map<JobState, Long> counts = new EnumMap<>(JobState.class);
          jobs.aggregate(
                  List.of(
                      Aggregates.match(eq(JobDocument.QUEUE, queue.name())),
                      Aggregates.group("$" + JobDocument.STATE, Accumulators.sum("n", 1L))))
              .forEach(
                  group ->
                      StoredState.valueOf(group.getString("_id"))
                          .visible()
                          .ifPresent(
                              state ->
                                  counts.merge(
                                      state, group.get("n", Number.class).longValue(), Long::sum)));
          return counts;
        });
  }

  /** The document, without its payload. A job of a committed batch enters its queue first. */
  private @Nullable Document look(JobId id) {
    Bson itself = eq(JobDocument.ID, id.value());
    Document job = jobs.find(itself).projection(Projections.exclude(JobDocument.PAYLOAD)).first();
    if (job == null || StoredState.of(job) != StoredState.ENTERING) {
      return job;
    }
    if (batches.decision(job.getObjectId(JobDocument.BATCH)) == Batches.Decision.COMMITTED) {
      batches.finish(job.getObjectId(JobDocument.BATCH));
    }
    return jobs.find(itself).projection(Projections.exclude(JobDocument.PAYLOAD)).first();
  }

  private static Bson asSeen(Document job) {
    return and(
        eq(JobDocument.ID, job.get(JobDocument.ID, UUID.class)),
        eq(JobDocument.STATE, job.getString(JobDocument.STATE)),
        eq(JobDocument.TOKEN, job.getLong(JobDocument.TOKEN)));
  }

  private boolean matches(Bson guard, Bson update) {
    return jobs.updateOne(guard, update).getMatchedCount() == 1;
  }
}
