package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A claim in a transaction of several statements, for what one statement cannot decide: limits and
 * turns. A database without the one statement takes all its claims this way; without limits and
 * turns they are one round of locking and one write.
 */
final class SteppedClaims {

  /** How many due jobs of a shut key are put aside by one claim, and how many at a time. */
  static final int ROUNDS = 40;

  static final int PAGE = 250;

  /** The most open keys that one claim looks at. */
  static final int KEYS = 50;

  final Limits limits;
  final TurnFeed turns;
  private final Command findWaiting;
  private final Command lockWaiting;

  /** Whether a claim through this store has met a limit. */
  private volatile boolean metLimits;

  SteppedClaims(Sql sql) {
    limits = new Limits(sql);
    turns = new TurnFeed(sql);
    findWaiting =
        sql.command(
            """
            SELECT id FROM {p}job {use job_blocked}
             WHERE blocked_on = ? AND queue = ? AND run_at <= {now}
               AND type = ANY (?)
               AND (type_version = 1 OR {type_version} = ANY (?))
               AND (expires_at IS NULL OR expires_at > {now})
               AND (NOT suspect OR ?)
               AND (tenant = ANY (?)) IS NOT TRUE
             ORDER BY %spriority, run_at, id
             LIMIT ?
            """
                .formatted(sql.dialect().along("blocked_on, queue")));
    lockWaiting =
        sql.command(
            "SELECT "
                + Candidate.COLUMNS
                + """

                 FROM {p}job {use PRIMARY}
                WHERE id = ANY (?) AND blocked_on = ? AND queue = ? AND run_at <= {now}
                  AND type = ANY (?)
                  AND (type_version = 1 OR {type_version} = ANY (?))
                  AND (expires_at IS NULL OR expires_at > {now})
                  AND (tenant = ANY (?)) IS NOT TRUE
                  {lock} SKIP LOCKED
                """);
  }

  /** Claims in the transaction that is open on the connection. */
  List<LeasedJob> claim(Connection connection, ClaimRequest request, ClaimSteps steps)
      throws SQLException {
    SteppedClaim claim = new SteppedClaim(this, steps, connection, request);
    List<LeasedJob> jobs = claim.run();
    metLimits |= claim.metLimits();
    return jobs;
  }

  boolean hasMetLimits() {
    return metLimits;
  }

  /** Asks only if a claim through this store has met a limit: most never do. */
  Optional<Duration> opensIn(Transactions transactions, JobQueue queue) {
    return metLimits
        ? transactions.read(
            "Looking for the next start", connection -> limits.opensIn(connection, queue.name()))
        : Optional.empty();
  }

  /** Claims in a transaction of its own; somebody else may meet the same new key. */
  List<LeasedJob> claim(Transactions transactions, ClaimRequest request, ClaimSteps steps) {
    return transactions.meeting("Claim", connection -> claim(connection, request, steps));
  }

  /** Locks due jobs that wait for a key which this transaction has locked. */
  List<Candidate> lockWaiting(Connection connection, ClaimRequest request, Held held, LimitKey key)
      throws SQLException {
    FairTurn turn = request.turn();
    Collection<UUID> found =
        turn == null
            ? findWaiting(connection, request, held, key)
            : turns.findWaiting(connection, request, turn, held, key);
    if (found.isEmpty()) {
      return new ArrayList<>();
    }
    return lockWaiting
        .on(connection)
        .ids(found)
        .text(key.toString())
        .text(request.queue().name())
        .texts(Kinds.names(request))
        .texts(Kinds.laterVersions(request))
        .texts(held.tenants())
        .list(row -> Candidate.waiting(row, key));
  }

  private Set<UUID> findWaiting(
      Connection connection, ClaimRequest request, Held held, LimitKey key) throws SQLException {
    return findWaiting
        .on(connection)
        .text(key.toString())
        .text(request.queue().name())
        .texts(Kinds.names(request))
        .texts(Kinds.laterVersions(request))
        .flag(request.suspect())
        .texts(held.tenants())
        .number(request.limit())
        .findIds();
  }
}
