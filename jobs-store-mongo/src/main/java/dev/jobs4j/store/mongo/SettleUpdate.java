package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Stop 6: each outcome is one update, guarded by the token; whether it matched says whether the
 * lease was held. Success needs no read; the others read first what their update depends on, and
 * the guard holds what was read.
 */
final class SettleUpdate {

  private final MongoCollection<Document> jobs;
  private final WaitingJobs waiting;
  private final ServerClock clock;

  SettleUpdate(Areas areas, WaitingJobs waiting, ServerClock clock) {
    this.jobs = areas.jobs();
    this.waiting = waiting;
    this.clock = clock;
  }

  Set<TokenLease> settle(List<Settlement> settlements) {
    Set<TokenLease> lost = new HashSet<>();
    if (settlements.isEmpty()) {
      return lost;
    }
    long now = StoreErrors.undecided("settle " + settlements.size() + " jobs", clock::now);
    for (Settlement settlement : settlements) {
      if (!(settlement.lease() instanceof TokenLease lease)) {
        throw new IllegalArgumentException("lease of another source: " + settlement.lease());
      }
      if (!apply(lease, settlement.outcome(), now)) {
        lost.add(lease);
      }
    }
    return lost;
  }

  /** Taking a job back raises its token, so one at rest under this token was settled with it. */
  Set<TokenLease> settled(Collection<TokenLease> leases) {
    List<UUID> ids = leases.stream().map(lease -> lease.id().value()).toList();
    Set<TokenLease> settled = new HashSet<>();
    jobs.find(in(JobDocument.ID, ids))
        .projection(Projections.include(JobDocument.TOKEN, JobDocument.STATE))
        .forEach(
            job -> {
              if (StoredState.of(job) != StoredState.RUNNING
                  && job.containsKey(JobDocument.TOKEN)) {
                settled.add(JobDocument.lease(job));
              }
            });
    settled.retainAll(Set.copyOf(leases));
    return settled;
  }

  private boolean apply(TokenLease lease, Outcome outcome, long now) {
    return outcome instanceof Outcome.Succeeded succeeded
        ? succeed(lease, succeeded, now)
        : end(lease, outcome, now);
  }

  /**
   * Two tries, since an update without a read cannot choose: first as a job that nobody follows,
   * then as one with followers, which is marked in the same write so that a crash before they were
   * told is found. The second try cannot miss what the first did: a job never loses its followers.
   */
  private boolean succeed(TokenLease lease, Outcome.Succeeded outcome, long now) {
    Bson success = combine(JobDocument.ended(StoredState.SUCCEEDED, now), JobDocument.unhold());
    if (outcome.result() != null) {
      success = combine(success, set(JobDocument.RESULT, JobDocument.payload(outcome.result())));
    }
    Bson held = JobDocument.running(lease);
    if (matches(and(held, ne(JobDocument.FOLLOWED, true)), success)) {
      return true;
    }
    if (!matches(held, combine(success, set(JobDocument.UNFINISHED, true)))) {
      return false;
    }
    waiting.finishParent(lease.id().value());
    return true;
  }

  private boolean end(TokenLease lease, Outcome outcome, long now) {
    while (true) {
      Document seen =
          jobs.find(JobDocument.running(lease))
              .projection(Projections.exclude(JobDocument.PAYLOAD))
              .first();
      if (seen == null) {
        return false;
      }
      Bson update = combine(update(seen, outcome, now), JobDocument.unhold());
      if (matches(JobDocument.runningAsSeen(seen), update)) {
        return true;
      }
      // It was asked to end between the look and the write, or taken back: look again.
    }
  }

  private static Bson update(Document seen, Outcome outcome, long now) {
    if (outcome instanceof Outcome.Retry retry) {
      return retry(seen, retry, now);
    }
    if (outcome instanceof Outcome.Dead dead) {
      return combine(
          JobDocument.dead(now, dead.reason(), dead.failure()),
          JobDocument.remember(seen, now, dead.failure()));
    }
    if (outcome instanceof Outcome.Snoozed snoozed) {
      return combine(
          putBack(seen, now),
          set(JobDocument.RUN_AT, Micros.plus(now, snoozed.delay())),
          set(JobDocument.SUSPECT, false),
          inc(JobDocument.ATTEMPT, -1));
    }
    if (outcome instanceof Outcome.Released) {
      return combine(putBack(seen, now), inc(JobDocument.ATTEMPT, -1));
    }
    return JobDocument.ended(StoredState.CANCELLED, now);
  }

  private static Bson retry(Document seen, Outcome.Retry retry, long now) {
    Bson remembered = JobDocument.remember(seen, now, retry.failure());
    Integer allowed = seen.getInteger(JobDocument.MAX_ATTEMPTS);
    if (allowed != null && seen.getInteger(JobDocument.ATTEMPT) >= allowed) {
      return combine(JobDocument.dead(now, DeadReason.EXHAUSTED, retry.failure()), remembered);
    }
    return combine(
        putBack(seen, now),
        remembered,
        set(JobDocument.FAILURE, JobDocument.failure(retry.failure())),
        set(JobDocument.RUN_AT, Micros.plus(now, retry.delay())),
        set(JobDocument.SUSPECT, false));
  }

  /** A job that was asked to end does not run again. */
  private static Bson putBack(Document seen, long now) {
    return JobDocument.isFlagged(seen, JobDocument.CANCEL_REQUESTED)
        ? JobDocument.ended(StoredState.CANCELLED, now)
        : set(JobDocument.STATE, StoredState.PENDING.name());
  }

  private boolean matches(Bson guard, Bson update) {
    return jobs.updateOne(guard, update).getMatchedCount() == 1;
  }
}
