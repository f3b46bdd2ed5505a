package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.pull;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Jobs that wait for others. The child lists its parents in {@code waits}; the last one to go makes
 * it PENDING in the same write.
 *
 * <p>The race between a child that comes and a parent that succeeds: the child is stored first and
 * {@linkplain #follow marks its parent} after. If the mark comes first, the parent's success sees
 * it and tells the child, which is there. If the success comes first, the mark sees it, and the
 * child's side stops waiting. Either way someone does it; both is harmless.
 */
class WaitingJobs {

  /** What a child finds when it marks a parent. */
  enum Parent {
    /** Not stored, or deleted. */
    UNKNOWN,
    /** Not decided yet: its insert is under way. */
    ENTERING,
    /** It will tell its followers, or never succeed. */
    FOLLOWED,
    /** Nothing to wait for. */
    SUCCEEDED
  }

  private static final FindOneAndUpdateOptions STATE_AFTER =
      new FindOneAndUpdateOptions()
          .projection(Projections.include(JobDocument.STATE))
          .returnDocument(ReturnDocument.AFTER);

  private final MongoCollection<Document> jobs;

  WaitingJobs(Areas areas) {
    this.jobs = areas.jobs();
  }

  /** Makes a parent tell its followers when it succeeds, and says whether there is still time. */
  Parent follow(UUID parent) {
    Document marked =
        jobs.findOneAndUpdate(
            and(eq(JobDocument.ID, parent), ne(JobDocument.STATE, StoredState.KEY.name())),
            set(JobDocument.FOLLOWED, true),
            STATE_AFTER);
    if (marked == null) {
      return Parent.UNKNOWN;
    }
    return switch (StoredState.of(marked)) {
      case ENTERING -> Parent.ENTERING;
      case SUCCEEDED -> Parent.SUCCEEDED;
      default -> Parent.FOLLOWED;
    };
  }

  /** Tells the followers of a job that has succeeded, then takes its mark off. Repeatable. */
  void finishParent(UUID parent) {
    stopWaiting(Filters.empty(), parent);
    jobs.updateOne(eq(JobDocument.ID, parent), unset(JobDocument.UNFINISHED));
  }

  /**
   * Lets a job that was made to wait anew go on as far as its parents have succeeded or are gone,
   * then takes its mark off. Repeatable.
   */
  void finishChild(Document child) {
    Bson itself = eq(JobDocument.ID, child.get(JobDocument.ID, UUID.class));
    for (UUID parent : child.getList(JobDocument.AFTER, UUID.class, List.of())) {
      Parent found = follow(parent);
      if (found == Parent.SUCCEEDED || found == Parent.UNKNOWN) {
        stopWaiting(itself, parent);
      }
    }
    // If it was called off and made to wait once more meanwhile, the mark is that one's.
    jobs.updateOne(
        and(itself, eq(JobDocument.RUN_AT, child.getLong(JobDocument.RUN_AT))),
        unset(JobDocument.UNFINISHED));
  }

  /**
   * Takes a parent off the lists of {@code children}. A list only gets shorter and a child only
   * goes from ENTERING to WAITING, so the three writes in this order miss none, whoever else is
   * shortening the same lists: a child is seen as one with more parents, or else as one with this
   * parent alone, first in its earlier state, then in its later.
   */
  void stopWaiting(Bson children, UUID parent) {
    jobs.updateMany(
        and(children, eq(JobDocument.WAITS, parent), exists(JobDocument.WAITS + ".1")),
        pull(JobDocument.WAITS, parent));
    Bson last = and(children, eq(JobDocument.WAITS, List.of(parent)));
    jobs.updateMany(
        and(last, eq(JobDocument.STATE, StoredState.ENTERING.name())), unset(JobDocument.WAITS));
    jobs.updateMany(
        and(last, eq(JobDocument.STATE, StoredState.WAITING.name())),
        combine(set(JobDocument.STATE, StoredState.PENDING.name()), unset(JobDocument.WAITS)));
  }

  /** Ends those that wait for a parent that can never succeed any more. Repeatable. */
  void callOff(UUID parent, long now) {
    jobs.updateMany(
        and(eq(JobDocument.WAITS, parent), eq(JobDocument.STATE, StoredState.WAITING.name())),
        combine(JobDocument.ended(StoredState.CANCELLED, now), unset(JobDocument.WAITS)));
  }

  /** Does what a process that died in between has left. */
  void repair() {
    Bson left = eq(JobDocument.UNFINISHED, true);
    for (Document job : jobs.find(left).projection(Projections.exclude(JobDocument.PAYLOAD))) {
      if (StoredState.of(job) == StoredState.SUCCEEDED) {
        finishParent(job.get(JobDocument.ID, UUID.class));
      } else {
        finishChild(job);
      }
    }
  }
}
