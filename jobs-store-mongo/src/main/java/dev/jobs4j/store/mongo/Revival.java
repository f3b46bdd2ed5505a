package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.JobId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Makes a job that has ended pending again, in one write guarded by the state it was met in. */
final class Revival {

  /** What became of it. */
  enum Answer {
    DONE,
    KEY_HELD,
    ABSENT
  }

  private final MongoCollection<Document> jobs;
  private final WaitingJobs waiting;
  private final UniqueKeys keys;
  private final ServerClock clock;

  Revival(Areas areas, WaitingJobs waiting, UniqueKeys keys, ServerClock clock) {
    this.jobs = areas.jobs();
    this.waiting = waiting;
    this.keys = keys;
    this.clock = clock;
  }

  /** Revives a job that is in one of these states, due after a delay. */
  Answer revive(JobId id, List<String> states, Duration delay) {
    while (true) {
      Document job = look(id);
      if (job == null || !states.contains(job.getString(JobDocument.STATE))) {
        return Answer.ABSENT;
      }
      long now = clock.now();
      if (!takesItsKey(job, now)) {
        return Answer.KEY_HELD; // at most one job that has not ended may hold it
      }
      long runAt = Micros.plus(now, delay);
      try {
        if (jobs.updateOne(asSeen(job), rebirth(job, runAt)).getMatchedCount() == 1) {
          if (job.containsKey(JobDocument.AFTER)) {
            waiting.finishChild(new Document(job).append(JobDocument.RUN_AT, runAt));
          }
          return Answer.DONE;
        }
      } catch (MongoWriteException e) {
        if (!StoreErrors.isDuplicateKey(e)) {
          throw e;
        }
        // Another took the key between the look and the write: look again.
      }
    }
  }

  private boolean takesItsKey(Document job, long now) {
    String key = job.getString(JobDocument.KEY);
    Document holder = key == null ? null : jobs.find(UniqueKeys.heldBy(key)).first();
    if (key == null || holder == null || JobDocument.id(holder).equals(JobDocument.id(job))) {
      return true;
    }
    if (!UniqueKeys.isOver(holder, now)) {
      return false;
    }
    keys.free(key, now);
    return true;
  }

  private @Nullable Document look(JobId id) {
    return jobs.find(eq(JobDocument.ID, id.value()))
        .projection(Projections.exclude(JobDocument.PAYLOAD))
        .first();
  }

  private static Bson asSeen(Document job) {
    return and(
        eq(JobDocument.ID, job.get(JobDocument.ID, UUID.class)),
        eq(JobDocument.STATE, job.getString(JobDocument.STATE)),
        eq(JobDocument.TOKEN, job.getLong(JobDocument.TOKEN)));
  }

  /** One with parents waits for them all; {@code finishChild} then sees which of them matter. */
  private static Bson rebirth(Document job, long runAt) {
    boolean child = job.containsKey(JobDocument.AFTER);
    Bson reborn =
        combine(
            set(JobDocument.STATE, (child ? StoredState.WAITING : StoredState.PENDING).name()),
            set(JobDocument.RUN_AT, runAt),
            set(JobDocument.ATTEMPT, 0),
            set(JobDocument.CRASHES, 0),
            set(JobDocument.SUSPECT, false),
            unset(JobDocument.FINISHED_AT),
            unset(JobDocument.DEAD_REASON),
            unset(JobDocument.FINGERPRINT),
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
}
