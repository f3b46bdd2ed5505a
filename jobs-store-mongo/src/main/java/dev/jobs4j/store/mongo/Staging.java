package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.NewJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * One try to store some jobs, in a batch or (a single one) without. Ids and unique keys are kept
 * apart by unique indexes, so that a job is refused by the very write that would store it; only
 * then is looked who stands in its way.
 */
final class Staging {
  /** How often to look again at what stands in the way. */
  static final int ROUNDS = 100;

  /** How long to be patient with an insert that is under way, before it is aborted. */
  private static final int PATIENCE = 50;

  private static final InsertManyOptions UNORDERED = new InsertManyOptions().ordered(false);

  private final MongoCollection<Document> jobs;
  private final Batches batches;
  private final WaitingJobs waiting;
  private final UniqueKeys keys;
  private final List<NewJob> wanted;
  private final @Nullable ObjectId batch;
  private final long now;
  private final @Nullable Enqueued[] answers;
  private final Map<JobId, Integer> ids = new HashMap<>();
  private final Map<String, Integer> byKey = new HashMap<>();

  Staging(
      Areas areas,
      Batches batches,
      WaitingJobs waiting,
      UniqueKeys keys,
      List<NewJob> wanted,
      @Nullable ObjectId batch,
      long now) {
    this.jobs = areas.jobs();
    this.batches = batches;
    this.waiting = waiting;
    this.keys = keys;
    this.wanted = wanted;
    this.batch = batch;
    this.now = now;
    this.answers = new Enqueued[wanted.size()];
  }

  List<Enqueued> run() {
    List<Integer> first = new ArrayList<>();
    List<Integer> repeats = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      (isFirst(i) ? first : repeats).add(i);
    }
    store(first);
    for (int i : repeats) {
      answerRepeat(i);
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (answers[i] instanceof Enqueued.Created) {
        follow(i);
      }
    }
    return Arrays.stream(answers).map(Objects::requireNonNull).toList();
  }

  /** Whether no earlier job of this insert has its id or key. */
  private boolean isFirst(int i) {
    NewJob job = wanted.get(i);
    boolean first = ids.putIfAbsent(job.id(), i) == null;
    if (first && job.uniqueKey() != null) {
      first = byKey.putIfAbsent(job.uniqueKey().value(), i) == null;
    }
    return first;
  }

  private void answerRepeat(int i) {
    NewJob job = wanted.get(i);
    store(List.of(i)); // the index knows whether the first of them was stored
    if (answers[i] == null) {
      throw JobInsert.inTheWay(job);
    }
  }

  private void store(List<Integer> indexes) {
    List<Integer> left = indexes;
    for (int round = 0; !left.isEmpty(); round++) {
      if (round == ROUNDS) {
        throw JobInsert.inTheWay(wanted.get(left.get(0)));
      }
      left = tryStore(left, round);
    }
  }

  /** Returns those that must be tried again. */
  private List<Integer> tryStore(List<Integer> indexes, int round) {
    List<Document> documents = indexes.stream().map(i -> document(wanted.get(i))).toList();
    List<BulkWriteError> errors = List.of();
    try {
      jobs.insertMany(documents, UNORDERED);
    } catch (MongoBulkWriteException e) {
      errors = e.getWriteErrors();
      if (errors.stream().anyMatch(error -> error.getCategory() != ErrorCategory.DUPLICATE_KEY)
          || e.getWriteConcernError() != null) {
        throw e;
      }
    }
    for (int i : indexes) {
      answers[i] = new Enqueued.Created(wanted.get(i).id());
    }
    List<Integer> again = new ArrayList<>();
    for (BulkWriteError error : errors) {
      int i = indexes.get(error.getIndex());
      answers[i] = existing(wanted.get(i), round);
      if (answers[i] == null) {
        again.add(i);
      }
    }
    return again;
  }

  private Document document(NewJob job) {
    return batch == null
        ? JobDocument.of(job, now, StoredState.PENDING)
        : JobDocument.of(job, now, StoredState.ENTERING).append(JobDocument.BATCH, batch);
  }

  /** What keeps the job out; null if it no longer does. */
  private @Nullable Enqueued existing(NewJob job, int round) {
    Document same = look(eq(JobDocument.ID, job.id().value()));
    if (same != null) {
      if (StoredState.of(same) == StoredState.KEY && UniqueKeys.isOver(same, now)) {
        keys.free(same.getString(JobDocument.HELD_KEY), now);
        return null;
      }
      return stands(same, round) ? new Enqueued.Existing(job.id()) : null;
    }
    if (job.uniqueKey() == null) {
      return null;
    }
    String key = job.uniqueKey().value();
    Document holder = look(UniqueKeys.heldBy(key));
    if (holder == null) {
      return null;
    }
    if (UniqueKeys.isOver(holder, now)) {
      keys.free(key, now);
      return null;
    }
    return stands(holder, round) ? new Enqueued.Existing(JobDocument.id(holder)) : null;
  }

  private @Nullable Document look(Bson filter) {
    return jobs.find(filter)
        .projection(
            Projections.include(
                JobDocument.STATE, JobDocument.BATCH, JobDocument.HELD_KEY, JobDocument.KEY_UNTIL))
        .first();
  }

  /** Whether this document is stored for good, or in this very insert. */
  private boolean stands(Document other, int round) {
    if (StoredState.of(other) != StoredState.ENTERING) {
      return true;
    }
    ObjectId its = other.getObjectId(JobDocument.BATCH);
    if (its.equals(batch)) {
      return true;
    }
    return switch (batches.decision(its)) {
      case COMMITTED -> true;
      case GONE -> {
        batches.sweep(its);
        yield false;
      }
      case OPEN -> {
        if (round >= PATIENCE) {
          batches.abort(its); // its process may have died; if not, it starts over
        }
        yield false;
      }
    };
  }

  /** Makes the parents of a stored job tell it, or takes them off its list. */
  private void follow(int child) {
    for (JobId parent : wanted.get(child).after()) {
      Integer place = ids.get(parent);
      if (place != null
          && place < child
          && answers[place] instanceof Enqueued.Existing existing
          && !existing.id().equals(parent)) {
        throw new InvalidJobException(
            "after names a job of the same insert whose unique key is taken: "
                + parent
                + ", name its holder "
                + existing.id()
                + " (parent of "
                + wanted.get(child).id()
                + ")");
      }
      boolean known =
          (place != null && answers[place] instanceof Enqueued.Created)
              ? followOwn(parent, place < child)
              : follow(parent);
      if (!known) {
        throw new InvalidJobException(
            "after names a job that is not known: "
                + parent
                + " (parent of "
                + wanted.get(child).id()
                + ")");
      }
    }
  }

  private boolean followOwn(JobId parent, boolean comesFirst) {
    if (comesFirst) {
      waiting.follow(parent.value());
    }
    return comesFirst;
  }

  /** Whether the parent is known. */
  private boolean follow(JobId parent) {
    for (int round = 0; round < ROUNDS; round++) {
      WaitingJobs.Parent found = waiting.follow(parent.value());
      if (found == WaitingJobs.Parent.SUCCEEDED) {
        waiting.stopWaiting(eq(JobDocument.BATCH, batch), parent.value());
      }
      if (found != WaitingJobs.Parent.ENTERING) {
        return found != WaitingJobs.Parent.UNKNOWN;
      }
      Document entering = look(eq(JobDocument.ID, parent.value()));
      if (entering != null && stands(entering, round)) {
        return true;
      }
      // Not decided yet, or aborted: look again.
    }
    return false;
  }
}
