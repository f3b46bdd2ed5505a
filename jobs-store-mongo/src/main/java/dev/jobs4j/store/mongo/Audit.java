package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.inc;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What operators did. An entry is written before the deed and taken back if there was none, so that
 * a crash between them can leave an entry too many but never a deed without its entry.
 */
final class Audit {

  private static final String ID = "_id";
  private static final String JOB = "job";
  private static final String AT = "at";

  /** The document that counts; entries are numbered from 1. */
  private static final long COUNTER = 0;

  private static final String LAST = "last";

  private final MongoCollection<Document> audit;
  private final ServerClock clock;

  Audit(Areas areas, ServerClock clock) {
    this.audit = areas.audit();
    this.clock = clock;
  }

  /** Does something to a job that is noted if it was done; returns whether it was. */
  boolean noted(
      AuditEntry.Action action, JobId job, Operator operator, String change, BooleanSupplier deed) {
    long number = next();
    audit.insertOne(
        new Document(ID, number)
            .append("action", action.name())
            .append(JOB, job.value())
            .append("by", operator.name())
            .append("why", operator.why())
            .append(AT, clock.now())
            .append("change", change));
    boolean done = deed.getAsBoolean();
    if (!done) {
      audit.deleteOne(eq(ID, number));
    }
    return done;
  }

  private long next() {
    while (true) {
      try {
        Document counter =
            audit.findOneAndUpdate(
                eq(ID, COUNTER),
                inc(LAST, 1L),
                new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
        return Objects.requireNonNull(counter, "counter").getLong(LAST);
      } catch (MongoCommandException e) {
        if (!StoreErrors.isDuplicateKey(e)) {
          throw e;
        }
        // Another began to count at the same moment: there is a counter now.
      }
    }
  }

  List<AuditEntry> read(@Nullable JobId job, long before, int limit) {
    if (limit < 1) {
      return List.of(); // to MongoDB a limit of 0 means none
    }
    Bson entries = and(gt(ID, COUNTER), lt(ID, before));
    return audit
        .find(job == null ? entries : and(eq(JOB, job.value()), entries))
        .sort(Sorts.descending(ID))
        .limit(limit)
        .map(Audit::entry)
        .into(new ArrayList<>());
  }

  /** Deletes entries from before {@code time} among the first {@code limit}; returns how many. */
  int prune(long time, int limit) {
    List<Object> over = new ArrayList<>();
    for (Document entry :
        audit
            .find(gt(ID, COUNTER))
            .projection(Projections.include(AT))
            .sort(Sorts.ascending(ID))
            .limit(limit)) {
      if (entry.getLong(AT) < time) {
        over.add(entry.get(ID));
      }
    }
    return over.isEmpty() ? 0 : (int) audit.deleteMany(in(ID, over)).getDeletedCount();
  }

  private static AuditEntry entry(Document entry) {
    return new AuditEntry(
        entry.getLong(ID),
        AuditEntry.Action.valueOf(entry.getString("action")),
        new JobId(entry.get(JOB, UUID.class)),
        new Operator(entry.getString("by"), entry.getString("why")),
        Micros.instant(entry.getLong(AT)),
        entry.getString("change"));
  }
}
