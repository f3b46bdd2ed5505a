package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The leases of engines, and what each holds by the books. */
final class Engines {

  private final Transactions transactions;
  private final RenewalConnection renewals;
  private final String register;
  private final String renew;
  private final String cancelRequested;
  private final String held;
  private final String claimed;

  Engines(Transactions transactions, RenewalConnection renewals, Sql sql) {
    this.transactions = transactions;
    this.renewals = renewals;
    register =
        sql.of(
            """
            INSERT INTO {p}engine (id, name, version, state, lease_micros, registered_at,
                expires_at)
            VALUES (?, ?, ?, 'LIVE', ?, {now}, {now+?})
            """);
    renew =
        sql.of(
            """
            UPDATE {p}engine SET expires_at = {now+lease_micros}
             WHERE id = ? AND state = 'LIVE'
            """);
    cancelRequested =
        sql.of(
            """
            SELECT id, token FROM {p}job
             WHERE engine = ? AND state = 'RUNNING' AND cancel_requested
            """);
    held = sql.of("SELECT id, token FROM {p}job WHERE engine = ? AND state = 'RUNNING'");
    claimed =
        sql.of(
            """
            SELECT id, token, type, type_version, queue, priority, run_at, attempt,
                   max_attempts, suspect, tenant, headers, origin, codec, payload
              FROM {p}job
             WHERE engine = ? AND state = 'RUNNING' AND claim_id = ?
             ORDER BY priority, run_at, id
            """);
  }

  void register(EngineInfo engine) {
    long lease = Micros.of(engine.lease());
    try {
      renewals.statement(
          "Registering an engine",
          connection -> {
            try (PreparedStatement statement = connection.prepareStatement(register)) {
              statement.setObject(1, engine.id().value());
              statement.setString(2, cut(engine.name(), 200));
              statement.setString(3, cut(engine.version(), 60));
              statement.setLong(4, lease);
              statement.setLong(5, lease);
              return statement.executeUpdate();
            }
          });
    } catch (StoreException e) {
      if (e.getCause() instanceof SQLException sql && SqlErrors.isDuplicate(sql)) {
        throw new InvalidJobException("engine id is used already, take a new one: " + engine, e);
      }
      throw e;
    }
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  Optional<Mailbox> renew(EngineId engine) {
    return renewals.statement(
        "Renewing an engine's lease",
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(renew)) {
            statement.setObject(1, engine.value());
            if (statement.executeUpdate() != 1) {
              return Optional.empty();
            }
          }
          return Optional.of(new Mailbox(Rows.leases(connection, cancelRequested, engine.value())));
        });
  }

  Set<TokenLease> held(EngineId engine) {
    return Set.copyOf(
        transactions.read(
            "Reading what an engine holds",
            connection -> Rows.leases(connection, held, engine.value())));
  }

  List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    return transactions.read(
        "Resolving a claim",
        connection -> {
          List<LeasedJob> jobs = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(claimed)) {
            statement.setObject(1, engine.value());
            statement.setObject(2, claimId);
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                jobs.add(Rows.leased(row));
              }
            }
          }
          return jobs;
        });
  }
}
