package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import java.util.Optional;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Takes one running job out of the hands of an engine that lost it, under a higher token, so that a
 * late outcome of that engine finds neither its token nor its state.
 */
final class GiveBack {

  /** What became of the job. */
  enum Fate {
    /** It waits again. */
    RETURNED,
    /** It crashed once too often. */
    DEAD,
    /** It was asked to end, and has. */
    CANCELLED
  }

  private record Verdict(Fate fate, Bson update) {}

  private final MongoCollection<Document> jobs;
  private final ServerClock clock;

  GiveBack(Areas areas, ServerClock clock) {
    this.jobs = areas.jobs();
    this.clock = clock;
  }

  /**
   * From an engine that leaves in order, or never got to start it.
   *
   * @return empty if it is no longer running under the token of {@code job}
   */
  Optional<Fate> unharmed(Document job) {
    return take(job, seen -> new Verdict(Fate.RETURNED, pending()));
  }

  /**
   * From an engine that died: the job becomes a suspect, and one that was is counted a crash.
   *
   * @return empty if it is no longer running under the token of {@code job}
   */
  Optional<Fate> crashed(Document job, int maxCrashes) {
    return take(job, seen -> crash(seen, maxCrashes));
  }

  private Verdict crash(Document seen, int maxCrashes) {
    if (!JobDocument.isFlagged(seen, JobDocument.SUSPECT)) {
      return new Verdict(Fate.RETURNED, combine(pending(), set(JobDocument.SUSPECT, true)));
    }
    long now = clock.now();
    int crashes = seen.getInteger(JobDocument.CRASHES) + 1;
    Bson counted =
        combine(set(JobDocument.CRASHES, crashes), JobDocument.remember(seen, now, null));
    if (crashes <= maxCrashes) {
      return new Verdict(Fate.RETURNED, combine(pending(), counted));
    }
    Failure failure =
        new Failure(
            "CrashLoop", "Its engine died while it ran this job alone, times: " + crashes, "");
    return new Verdict(
        Fate.DEAD, combine(JobDocument.dead(now, DeadReason.CRASH_LOOP, failure), counted));
  }

  private Optional<Fate> take(Document job, Function<Document, Verdict> judge) {
    @Nullable Document seen = job;
    // Another turn only if someone asked it to end between the look and the write.
    while (seen != null) {
      Verdict verdict =
          JobDocument.isFlagged(seen, JobDocument.CANCEL_REQUESTED)
              ? new Verdict(Fate.CANCELLED, JobDocument.ended(StoredState.CANCELLED, clock.now()))
              : judge.apply(seen);
      Bson update =
          combine(
              verdict.update(),
              JobDocument.unhold(),
              inc(JobDocument.TOKEN, 1L),
              inc(JobDocument.ATTEMPT, -1));
      if (jobs.updateOne(JobDocument.runningAsSeen(seen), update).getMatchedCount() == 1) {
        return Optional.of(verdict.fate());
      }
      seen =
          jobs.find(JobDocument.running(JobDocument.lease(job)))
              .projection(Projections.exclude(JobDocument.PAYLOAD))
              .first();
    }
    return Optional.empty();
  }

  private static Bson pending() {
    return set(JobDocument.STATE, StoredState.PENDING.name());
  }
}
