package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * All or none for inserts that take more than one write.
 *
 * <p>An insert opens an entry, stores its jobs as ENTERING (seen by nobody), and is decided by one
 * write to the entry: OPEN becomes COMMITTED. Then the jobs enter their states and the entry goes.
 * Aborting is deleting the entry while it is OPEN, so of commit and abort one fails, and an entry
 * that is gone can never be committed. Whoever meets an ENTERING job asks for its entry: COMMITTED
 * means it is stored, no entry means it never will be.
 */
class Batches {

  /** What became of an insert, for one who met a job of it. */
  enum Decision {
    /** Not decided. */
    OPEN,
    /** Its jobs are stored, whether or not they have entered their states. */
    COMMITTED,
    /** What is left of it may be deleted. */
    GONE
  }

  /** An insert that has been OPEN for longer is taken for dead; it starts over if it is not. */
  private static final Duration STRANDED = Duration.ofMinutes(1);

  private static final String ID = "_id";
  private static final String DECISION = "decision";
  private static final String OPENED_AT = "openedAt";

  private final MongoCollection<Document> batches;
  private final MongoCollection<Document> jobs;

  Batches(Areas areas) {
    this.batches = areas.batches();
    this.jobs = areas.jobs();
  }

  ObjectId open(long now) {
    ObjectId batch = new ObjectId();
    batches.insertOne(
        new Document(ID, batch).append(DECISION, Decision.OPEN.name()).append(OPENED_AT, now));
    return batch;
  }

  /** Decides an insert; false if someone aborted it before. */
  boolean commit(ObjectId batch) {
    return batches
            .updateOne(undecided(batch), set(DECISION, Decision.COMMITTED.name()))
            .getMatchedCount()
        == 1;
  }

  /**
   * Lets the jobs of a committed insert enter their states, those that wait first: a list of
   * parents that becomes empty between the two writes is then found by the second. Repeatable.
   */
  void finish(ObjectId batch) {
    Bson entering = entering(batch);
    jobs.updateMany(and(entering, exists(JobDocument.WAITS)), enter(StoredState.WAITING));
    jobs.updateMany(and(entering, exists(JobDocument.WAITS, false)), enter(StoredState.PENDING));
    batches.deleteOne(eq(ID, batch));
  }

  /** Aborts an insert if it is not decided. */
  void abort(ObjectId batch) {
    batches.deleteOne(undecided(batch));
  }

  Decision decision(ObjectId batch) {
    Document entry = batches.find(eq(ID, batch)).first();
    return entry == null ? Decision.GONE : Decision.valueOf(entry.getString(DECISION));
  }

  /** Deletes what is left of an aborted insert. One that has entered is no longer ENTERING. */
  void sweep(ObjectId batch) {
    jobs.deleteMany(entering(batch));
  }

  /** Does what a process that died in between has left. */
  void repair(long now) {
    batches.deleteMany(
        and(eq(DECISION, Decision.OPEN.name()), lt(OPENED_AT, Micros.minus(now, STRANDED))));
    for (ObjectId batch : ids(eq(DECISION, Decision.COMMITTED.name()))) {
      finish(batch);
    }
    // Jobs first, entries after: an entry is older than its jobs, so a job whose entry is not
    // there by then belongs to an insert that is over.
    Set<ObjectId> named =
        jobs.distinct(JobDocument.BATCH, exists(JobDocument.BATCH), ObjectId.class)
            .into(new HashSet<>());
    if (!named.isEmpty()) {
      named.removeAll(ids(exists(ID)));
      named.forEach(this::sweep);
    }
  }

  private List<ObjectId> ids(Bson filter) {
    return batches
        .find(filter)
        .projection(Projections.include(ID))
        .map(entry -> entry.getObjectId(ID))
        .into(new ArrayList<>());
  }

  private static Bson undecided(ObjectId batch) {
    return and(eq(ID, batch), eq(DECISION, Decision.OPEN.name()));
  }

  private static Bson entering(ObjectId batch) {
    return and(eq(JobDocument.BATCH, batch), eq(JobDocument.STATE, StoredState.ENTERING.name()));
  }

  private static Bson enter(StoredState state) {
    return combine(set(JobDocument.STATE, state.name()), unset(JobDocument.BATCH));
  }
}
