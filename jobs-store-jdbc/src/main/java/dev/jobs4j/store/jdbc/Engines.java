package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The leases of engines, and what each holds by the books. */
final class Engines {

  private final Transactions transactions;
  private final RenewalConnection renewals;
  private final Command register;
  private final Command renew;
  private final Command cancelRequested;
  private final Command held;
  private final Command claimed;

  Engines(Transactions transactions, RenewalConnection renewals, Sql sql) {
    this.transactions = transactions;
    this.renewals = renewals;
    register =
        sql.command(
            """
            INSERT INTO {p}engine (id, name, version, queues, types, state, lease_micros,
                registered_at, expires_at)
            VALUES (?, ?, ?, ?, ?, 'LIVE', ?, {now}, {now+?})
            """);
    renew =
        sql.command(
            """
            UPDATE {p}engine SET expires_at = {now+lease_micros}
             WHERE id = ? AND state = 'LIVE'
            """);
    cancelRequested =
        sql.command(
            """
            SELECT id, token FROM {p}job
             WHERE engine = ? AND state = 'RUNNING' AND cancel_requested
            """);
    held =
        sql.command("SELECT j.id, j.token FROM {held} WHERE {holder} = ? AND j.state = 'RUNNING'");
    claimed =
        sql.command(
            """
            SELECT j.id, token, type, type_version, queue, priority, run_at, attempt,
                   max_attempts, suspect, tenant, tags, headers, origin, codec, payload,
                   {age} AS age
              FROM {held}
             WHERE {holder} = ? AND j.state = 'RUNNING' AND j.claim_id = ?
             ORDER BY priority, run_at, j.id
            """);
  }

  void register(EngineInfo engine) {
    long lease = Micros.of(engine.lease());
    try {
      renewals.statement(
          "Registering an engine",
          connection ->
              register
                  .on(connection)
                  .id(engine.id().value())
                  .text(cut(engine.name(), 200))
                  .text(cut(engine.version(), 60))
                  .text(NamedNumbers.write(queues(engine)))
                  .text(NamedNumbers.write(engine.types()))
                  .number(lease)
                  .number(lease)
                  .update());
    } catch (StoreException e) {
      if (e.getCause() instanceof SQLException sql && SqlErrors.isDuplicate(sql)) {
        throw new InvalidJobException("engine id is used already, take a new one: " + engine, e);
      }
      throw e;
    }
  }

  private static Map<String, Integer> queues(EngineInfo engine) {
    return engine.queues().entrySet().stream()
        .collect(Collectors.toMap(queue -> queue.getKey().name(), Map.Entry::getValue));
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  Optional<Mailbox> renew(EngineId engine) {
    return renewals.statement(
        "Renewing an engine's lease",
        connection ->
            renew.on(connection).id(engine.value()).update() == 1
                ? Optional.of(new Mailbox(leases(connection, cancelRequested, engine)))
                : Optional.empty());
  }

  Set<TokenLease> held(EngineId engine) {
    return Set.copyOf(
        transactions.read(
            "Reading what an engine holds", connection -> leases(connection, held, engine)));
  }

  private static List<TokenLease> leases(Connection connection, Command command, EngineId engine)
      throws SQLException {
    return command.on(connection).id(engine.value()).list(Row::lease);
  }

  List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    return transactions.read(
        "Resolving a claim",
        connection -> claimed.on(connection).id(engine.value()).id(claimId).list(Row::leased));
  }
}
