package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.store.jdbc.SettleStep.Applied;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Stop 6: applies a batch of outcomes in one transaction, frees the keys of what has ended and
 * releases what waited for what succeeded. If one outcome cannot be written, each is tried alone.
 */
final class Settlements {

  private static final Comparator<Settlement> BY_ID = Comparator.comparing(s -> lease(s).id());

  private final Transactions transactions;
  private final SettleStep step;
  private final UniqueKeys keys;
  private final Waiting waiting;
  private final Limits limits;
  private final Inserts inserts;
  private final Burials burials;
  private final Notices notices;
  private final boolean keepsHistory;
  private final Command tokens;

  Settlements(
      Transactions transactions,
      Sql sql,
      SettleStep step,
      UniqueKeys keys,
      Waiting waiting,
      Limits limits,
      Inserts inserts,
      Burials burials,
      Notices notices,
      JdbcStoreOptions.History history) {
    this.notices = notices;
    this.transactions = transactions;
    this.step = step;
    this.keys = keys;
    this.waiting = waiting;
    this.limits = limits;
    this.inserts = inserts;
    this.burials = burials;
    this.keepsHistory = history == JdbcStoreOptions.History.KEEP;
    tokens =
        sql.command(
            """
            SELECT id, token, state <> 'RUNNING' AS settled FROM {p}job WHERE id = ANY (?)
            UNION ALL SELECT id, token, TRUE FROM {p}dead WHERE id = ANY (?)
            UNION ALL SELECT id, token, TRUE FROM {p}history WHERE id = ANY (?)
            UNION ALL
            SELECT job_id, token, error_class IS NOT NULL FROM {p}attempt WHERE job_id = ANY (?)
            """);
  }

  /** See {@link dev.jobs4j.spi.JobStore#settle}. */
  Set<TokenLease> settle(List<Settlement> settlements) {
    for (Settlement settlement : settlements) {
      if (!(settlement.lease() instanceof TokenLease)) {
        throw new IllegalArgumentException("lease of another source: " + settlement.lease());
      }
    }
    if (settlements.isEmpty()) {
      return Set.of();
    }
    List<Settlement> storable = settlements.stream().map(this::storable).toList();
    try {
      return transactions.transaction("Settle", connection -> apply(connection, storable));
    } catch (StoreException e) {
      if (settlements.size() > 1 && isAboutOneRow(e)) {
        return settleOneByOne(settlements);
      }
      throw e;
    }
  }

  /** What follows a success and can be stored nowhere would keep the job running for ever. */
  private Settlement storable(Settlement settlement) {
    if (settlement.outcome() instanceof Outcome.Succeeded done && !done.follow().isEmpty()) {
      try {
        inserts.check(done.follow());
      } catch (InvalidJobException e) {
        return new Settlement(
            settlement.lease(), new Outcome.Dead(DeadReason.REJECTED, Failure.of(e)));
      }
    }
    return settlement;
  }

  /** A value or a constraint, not the connection or the other transactions. */
  private static boolean isAboutOneRow(StoreException error) {
    return error.outcome() == Certainty.NOT_DONE
        && error.getCause() instanceof SQLException sql
        && (SqlErrors.isBadValue(sql) || SqlErrors.isConstraint(sql));
  }

  private Set<TokenLease> settleOneByOne(List<Settlement> settlements) {
    Set<TokenLease> lost = new HashSet<>();
    List<TokenLease> refused = new ArrayList<>();
    StoreException first = null;
    for (Settlement settlement : settlements) {
      try {
        lost.addAll(settle(List.of(settlement)));
      } catch (StoreException e) {
        if (!isAboutOneRow(e)) {
          throw e;
        }
        refused.add(lease(settlement));
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new StoreException(
          "Some outcomes were refused, the others of the batch are applied: refused=" + refused,
          Certainty.NOT_DONE,
          first);
    }
    return lost;
  }

  /** One lease is applied once: if it is there twice, the second comes too late. */
  private Set<TokenLease> apply(Connection connection, List<Settlement> settlements)
      throws SQLException {
    Map<TokenLease, Settlement> firsts = new LinkedHashMap<>();
    Set<TokenLease> lost = new HashSet<>();
    for (Settlement settlement : settlements) {
      if (firsts.putIfAbsent(lease(settlement), settlement) != null) {
        lost.add(lease(settlement));
      }
    }
    List<Applied> applied = step.apply(connection, firsts.values().stream().sorted(BY_ID).toList());
    if (applied.size() < firsts.size()) {
      Set<TokenLease> unanswered = new HashSet<>(firsts.keySet());
      applied.forEach(a -> unanswered.remove(new TokenLease(new JobId(a.job()), a.token())));
      lost.addAll(unanswered);
      firsts.keySet().removeAll(unanswered);
    }
    Map<UUID, String> over = new HashMap<>();
    Map<UUID, Ending> endings = new LinkedHashMap<>();
    List<UUID> dead = new ArrayList<>();
    Map<UUID, String> limited = new TreeMap<>();
    Map<UUID, String> leaving = new HashMap<>();
    for (Applied a : applied) {
      if (a.limits() != null) {
        limited.put(a.job(), a.limits());
      }
      if (a.ending() != null) {
        endings.put(a.job(), a.ending());
        if (a.ending() == Ending.DEAD) {
          dead.add(a.job());
        }
        if (a.uniqueKey() != null) {
          over.put(a.job(), a.uniqueKey());
        }
        if (a.line() != null) {
          leaving.put(a.job(), a.line());
        }
      }
    }
    keys.end(connection, over);
    leaving.putAll(waiting.letGo(connection, endings));
    follow(connection, firsts.values(), leaving);
    notices.released(connection, givenBack(firsts.values()));
    burials.follow(connection, dead);
    limits.release(connection, limited); // last: every claim of these keys waits for it
    return lost;
  }

  /** What another engine may start at once. */
  private static List<UUID> givenBack(Collection<Settlement> accepted) {
    return accepted.stream()
        .filter(settlement -> isDueAgain(settlement.outcome()))
        .map(settlement -> lease(settlement).id().value())
        .toList();
  }

  private static boolean isDueAgain(Outcome outcome) {
    return outcome instanceof Outcome.Released
        || (outcome instanceof Outcome.Retry retry && retry.delay().isZero())
        || (outcome instanceof Outcome.Snoozed snoozed && snoozed.delay().isZero());
  }

  /** Keys come last, so that what follows may take the key of what has just ended. */
  private void follow(
      Connection connection, Collection<Settlement> accepted, Map<UUID, String> leaving)
      throws SQLException {
    List<NewJob> following = new ArrayList<>();
    for (Settlement settlement : accepted) {
      if (settlement.outcome() instanceof Outcome.Succeeded done) {
        following.addAll(done.follow());
      }
    }
    inserts.insert(connection, following, leaving);
  }

  /**
   * See {@link dev.jobs4j.spi.JobStore#settled}. Taking a job back raises its token, so one at rest
   * under this token was settled by its holder; so was one that failed under it. Where nothing is
   * kept of a success, a job that is gone counts as settled too.
   */
  Set<TokenLease> settled(Collection<TokenLease> leases) {
    if (leases.isEmpty()) {
      return Set.of();
    }
    List<UUID> ids = leases.stream().map(lease -> lease.id().value()).distinct().toList();
    return transactions.read(
        "Looking for settlements",
        connection -> {
          Set<TokenLease> found = new HashSet<>();
          Set<UUID> gone = new HashSet<>(ids);
          tokens
              .on(connection)
              .ids(ids)
              .ids(ids)
              .ids(ids)
              .ids(ids)
              .each(
                  row -> {
                    gone.remove(row.id("id"));
                    if (row.flag("settled")) {
                      found.add(row.lease());
                    }
                  });
          Set<TokenLease> settled = new HashSet<>(leases);
          settled.removeIf(
              lease ->
                  !found.contains(lease) && (keepsHistory || !gone.contains(lease.id().value())));
          return settled;
        });
  }

  private static TokenLease lease(Settlement settlement) {
    return (TokenLease) settlement.lease();
  }
}
