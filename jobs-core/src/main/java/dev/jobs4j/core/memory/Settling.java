package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Applies outcomes under their tokens. Guarded by the store's lock. */
final class Settling {

  private final Tables tables;
  private final Transactions transactions;
  private final Enqueuing enqueuing;
  private final Burials burials;

  Settling(Tables tables, Transactions transactions, Enqueuing enqueuing, Burials burials) {
    this.burials = burials;
    this.tables = tables;
    this.transactions = transactions;
    this.enqueuing = enqueuing;
  }

  Set<TokenLease> settle(List<Settlement> settlements, long now) {
    awaitFollowing(settlements);
    Set<TokenLease> lost = new HashSet<>();
    for (Settlement settlement : settlements) {
      if (!(settlement.lease() instanceof TokenLease lease)) {
        throw new IllegalArgumentException("lease of another source: " + settlement.lease());
      }
      Row row = tables.rows.get(lease.id());
      if (row == null || row.state != JobState.RUNNING || row.token != lease.token()) {
        lost.add(lease);
      } else {
        tables.leaveEngine(row);
        apply(row, settlement.outcome(), now);
      }
    }
    return lost;
  }

  /** Waits, before anything is written, for open transactions that what follows would meet. */
  private void awaitFollowing(List<Settlement> settlements) {
    List<NewJob> following = new ArrayList<>();
    for (Settlement settlement : settlements) {
      if (settlement.outcome() instanceof Outcome.Succeeded done) {
        following.addAll(done.follow());
      }
    }
    transactions.await(following, null);
  }

  Set<TokenLease> settled(Collection<TokenLease> leases) {
    return leases.stream().filter(this::isSettled).collect(Collectors.toSet());
  }

  /**
   * Taking a job back raises its token, so a job at rest under this one was settled by its holder.
   */
  private boolean isSettled(TokenLease lease) {
    Row row = tables.rows.get(lease.id());
    return row != null && row.state != JobState.RUNNING && row.token == lease.token();
  }

  private void apply(Row row, Outcome outcome, long now) {
    if (outcome instanceof Outcome.Succeeded done) {
      tables.succeed(row, done.result(), now);
      enqueuing.insert(done.follow(), null, () -> now);
    } else if (outcome instanceof Outcome.Retry retry) {
      retry(row, retry, now);
    } else if (outcome instanceof Outcome.Snoozed snoozed) {
      row.attempt--;
      row.suspect = false;
      putBack(row, Micros.plus(now, snoozed.delay()), now);
    } else if (outcome instanceof Outcome.Released) {
      row.attempt--;
      putBack(row, row.runAt, now);
    } else if (outcome instanceof Outcome.Dead dead) {
      row.failed(now, dead.failure());
      burials.die(row, dead.reason(), dead.failure(), now);
    } else {
      tables.cancel(row, now);
    }
  }

  private void retry(Row row, Outcome.Retry retry, long now) {
    row.failed(now, retry.failure());
    Integer allowed = row.job.maxAttempts();
    if (allowed != null && row.attempt >= allowed) {
      burials.die(row, DeadReason.EXHAUSTED, retry.failure(), now);
    } else {
      row.suspect = false;
      putBack(row, Micros.plus(now, retry.delay()), now);
    }
  }

  /** A job that was asked to end does not run again. */
  private void putBack(Row row, long runAt, long now) {
    if (row.cancelRequested) {
      tables.cancel(row, now);
    } else {
      tables.putBack(row, runAt);
    }
  }
}
