package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Who holds which unique key. The holder's own document says so, under a unique index: taking a key
 * is part of the write that stores the job, and a crash leaves no key without a job.
 *
 * <p>No write frees a key when its job ends. A key whose job has ended and whose window is over is
 * free, and the next one who wants it takes it off the old document first. A job that is deleted
 * before its window is over leaves a document with its key alone.
 */
final class UniqueKeys {

  private final MongoCollection<Document> jobs;

  UniqueKeys(Areas areas) {
    this.jobs = areas.jobs();
  }

  static Bson heldBy(String key) {
    return eq(JobDocument.HELD_KEY, key);
  }

  static boolean isOver(Document holder, long now) {
    return !StoredState.ALIVE.contains(holder.getString(JobDocument.STATE))
        && holder.getLong(JobDocument.KEY_UNTIL) <= now;
  }

  /** Takes the key off whoever held it, if that one is over. Whoever stores it next has it. */
  void free(String key, long now) {
    Bson over = and(heldBy(key), lte(JobDocument.KEY_UNTIL, now));
    jobs.updateOne(
        and(over, in(JobDocument.STATE, StoredState.ENDED)), unset(JobDocument.HELD_KEY));
    jobs.deleteOne(and(over, eq(JobDocument.STATE, StoredState.KEY.name())));
  }

  /**
   * Deletes a job that has ended, all but its key while that is taken.
   *
   * @return whether it was there, in the state in which {@code ended} was read
   */
  boolean bury(Document ended, long now) {
    Bson asSeen =
        and(
            eq(JobDocument.ID, ended.get(JobDocument.ID, UUID.class)),
            eq(JobDocument.STATE, ended.getString(JobDocument.STATE)),
            eq(JobDocument.FINISHED_AT, ended.getLong(JobDocument.FINISHED_AT)));
    if (!ended.containsKey(JobDocument.HELD_KEY) || isOver(ended, now)) {
      return jobs.deleteOne(asSeen).getDeletedCount() == 1;
    }
    Document stone =
        new Document(JobDocument.ID, ended.get(JobDocument.ID))
            .append(JobDocument.STATE, StoredState.KEY.name())
            .append(JobDocument.HELD_KEY, ended.get(JobDocument.HELD_KEY))
            .append(JobDocument.KEY_UNTIL, ended.get(JobDocument.KEY_UNTIL));
    return jobs.replaceOne(asSeen, stone).getMatchedCount() == 1;
  }

  /** Takes at most {@code limit} keys that are over off whatever holds them; returns how many. */
  int prune(long now, int limit) {
    Bson over =
        and(
            exists(JobDocument.HELD_KEY),
            lte(JobDocument.KEY_UNTIL, now),
            nin(JobDocument.STATE, StoredState.ALIVE));
    int pruned = 0;
    for (Document holder :
        jobs.find(over)
            .projection(
                Projections.include(
                    JobDocument.STATE,
                    JobDocument.HELD_KEY,
                    JobDocument.KEY_UNTIL,
                    JobDocument.FINISHED_AT))
            .limit(limit)
            .into(new ArrayList<>())) {
      free(holder.getString(JobDocument.HELD_KEY), now);
      pruned += outlivedItsJob(holder) ? 1 : 0;
    }
    return pruned;
  }

  /** A key without a window ends with its job and is nothing of its own that could be kept. */
  private static boolean outlivedItsJob(Document holder) {
    return !holder.containsKey(JobDocument.FINISHED_AT)
        || holder.getLong(JobDocument.KEY_UNTIL) > holder.getLong(JobDocument.FINISHED_AT);
  }
}
