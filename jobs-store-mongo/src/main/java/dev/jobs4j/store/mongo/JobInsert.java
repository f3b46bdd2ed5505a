package dev.jobs4j.store.mongo;

import com.mongodb.MongoException;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.util.List;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stop 2: a single job without parents is one write; anything else is a {@linkplain Batches batch}.
 */
final class JobInsert {

  private static final Logger log = LoggerFactory.getLogger(JobInsert.class);

  /** A document ends at 16 MiB, and failed attempts and a result are still to come into it. */
  private static final int MAX_PAYLOAD = 12 << 20;

  private final Areas areas;
  private final Batches batches;
  private final WaitingJobs waiting;
  private final UniqueKeys keys;
  private final ServerClock clock;

  JobInsert(Areas areas, Batches batches, WaitingJobs waiting, UniqueKeys keys, ServerClock clock) {
    this.areas = areas;
    this.batches = batches;
    this.waiting = waiting;
    this.keys = keys;
    this.clock = clock;
  }

  List<Enqueued> insert(List<NewJob> jobs) {
    jobs.forEach(JobInsert::check);
    if (jobs.isEmpty()) {
      return List.of();
    }
    if (jobs.size() == 1 && jobs.get(0).after().isEmpty()) {
      String what = "insert job " + jobs.get(0).id();
      long now = StoreErrors.undecided(what, clock::now);
      return StoreErrors.oneStep(what, () -> staging(jobs, null, now).run());
    }
    for (int round = 0; round < Staging.ROUNDS; round++) {
      List<Enqueued> answers = tryBatch(jobs);
      if (answers != null) {
        return answers;
      }
      log.debug("Insert was aborted by another of the same ids or keys, starts over");
    }
    throw inTheWay(jobs.get(0));
  }

  private Staging staging(List<NewJob> jobs, @Nullable ObjectId batch, long now) {
    return new Staging(areas, batches, waiting, keys, jobs, batch, now);
  }

  /** Null if someone aborted it. */
  private @Nullable List<Enqueued> tryBatch(List<NewJob> jobs) {
    String what = "insert " + jobs.size() + " jobs";
    long now = StoreErrors.undecided(what, clock::now);
    ObjectId batch = StoreErrors.undecided(what, () -> batches.open(now));
    List<Enqueued> answers;
    try {
      answers = StoreErrors.undecided(what, () -> staging(jobs, batch, now).run());
    } catch (InvalidJobException | StoreException e) {
      discard(batch, e);
      throw e;
    }
    if (!StoreErrors.oneStep(what, () -> batches.commit(batch))) {
      StoreErrors.undecided(
          what,
          () -> {
            batches.sweep(batch);
            return batch;
          });
      return null;
    }
    try {
      batches.finish(batch);
    } catch (MongoException e) {
      // Decided is stored: the next reap of any node finishes it, so this is no failure to report.
      log.warn("Inserted jobs enter their queues with the next reap: batch={}", batch, e);
    }
    return answers;
  }

  private void discard(ObjectId batch, RuntimeException cause) {
    try {
      batches.abort(batch);
      batches.sweep(batch);
    } catch (MongoException e) {
      cause.addSuppressed(e); // the repair of the next reap does the same
    }
  }

  private static void check(NewJob job) {
    if (job.payload().bytes().length > MAX_PAYLOAD) {
      throw new InvalidJobException(
          "payload must have at most "
              + MAX_PAYLOAD
              + " bytes to fit a MongoDB document, had "
              + job.payload().bytes().length
              + ": job "
              + job.id());
    }
  }

  static StoreException inTheWay(NewJob job) {
    String message =
        "Inserts of the same id or unique key kept aborting each other, insert again: job "
            + job.id();
    return new StoreException(message, Certainty.NOT_DONE, new IllegalStateException(message));
  }
}
