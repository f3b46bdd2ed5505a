package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One statement a kind of ending: jobs that finish, jobs that failed, jobs that are given back.
 * Each locks its rows in order of id, so that two batches cannot wait for each other in a circle,
 * and compares the token on the locked rows. That a row is running it sees by its engine, not by
 * its state: a condition on the state would offer the planner the index of running jobs, which it
 * takes for almost empty.
 */
final class PostgresSettleStep implements SettleStep {

  /**
   * A list of keys is then walked in order of key, and not in the order of the pages: neither by a
   * map of them, nor one after the other where there are few. The locks of those who enqueue behind
   * running jobs are taken in order of key too. It holds for all that follows in the transaction,
   * some of which has to sort: so sorts stay as they are.
   */
  private static final String IN_ORDER =
      "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off;";

  /**
   * What most jobs do. Of the rows only those come back whose ending concerns others, or all if
   * some of those told are not held any more. That the tokens are compared in a subquery of their
   * own keeps the planner from joining lists whose lengths it can only guess.
   */
  private static final String SUCCEED =
      """
      WITH told AS MATERIALIZED (
        SELECT * FROM unnest(?::uuid[], ?::bigint[]) AS t (id, token)
      ), gone AS (
        DELETE FROM {p}job
         WHERE id = ANY (ARRAY (SELECT id FROM told)) AND engine IS NOT NULL
           AND ((id, token) IN (SELECT id, token FROM told)) IS TRUE
        RETURNING %s
      )""";

  private static final String ANSWER =
      """
      SELECT counted.jobs, id, token, unique_key, line_key, limits
        FROM (SELECT count(*) AS jobs FROM gone) AS counted
        LEFT JOIN gone ON counted.jobs <> ? OR unique_key IS NOT NULL OR line_key IS NOT NULL
                          OR limits IS NOT NULL
      """;

  /** Steps and failed attempts go with a job of which nothing is kept. */
  private static final String FORGET =
      """
      , forgotten AS (
        DELETE FROM {p}attempt WHERE job_id = ANY (ARRAY (SELECT id FROM gone WHERE token > 1))
      ), erased AS (
        DELETE FROM {p}note WHERE job_id = ANY (ARRAY (SELECT id FROM gone))
      )
      """
          + ANSWER;

  private static final String KEEP =
      """
      , kept AS (
        INSERT INTO {p}history (id, token, run_at, created_at, finished_at, attempt,
            max_attempts, crashes, type_version, priority, suspect, state, queue, type,
            unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload)
        SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
               type_version, priority, suspect, 'SUCCEEDED', queue, type, unique_key, line_key,
               line_skip, tenant, origin, tags, limits, headers, codec, payload
          FROM gone
      )
      """
          + ANSWER;

  private final boolean keepsHistory;
  private final String finish;
  private final String succeed;
  private final String fail;
  private final String giveBack;

  PostgresSettleStep(Sql sql, JdbcStoreOptions.History history) {
    keepsHistory = history == JdbcStoreOptions.History.KEEP;
    finish =
        sql.of(
            """
            WITH told AS (
              SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::text[], ?::bytea[])
                AS t (id, token, state, result_codec, result)
            ), held AS MATERIALIZED (
              SELECT t.* FROM {p}job j JOIN told t ON t.id = j.id AND t.token = j.token
               WHERE j.engine IS NOT NULL ORDER BY j.id FOR UPDATE OF j
            ), gone AS (
              DELETE FROM {p}job WHERE id = ANY (ARRAY (SELECT id FROM held)) RETURNING *
            ), kept AS (
              INSERT INTO {p}history (id, token, run_at, created_at, finished_at, attempt,
                  max_attempts, crashes, type_version, priority, suspect, state, queue, type,
                  unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload, result_codec, result)
              SELECT j.id, j.token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                     type_version, priority, suspect, h.state, queue, type, unique_key, line_key, line_skip, tenant,
                     origin, tags, limits, headers, codec, payload, result_codec, result
                FROM gone j JOIN held h ON h.id = j.id
            )
            SELECT j.id, j.token, h.state AS ending, unique_key, line_key, limits
              FROM gone j JOIN held h ON h.id = j.id
            """);
    succeed =
        sql.of(
            keepsHistory
                ? SUCCEED.formatted("*") + KEEP
                : SUCCEED.formatted("id, token, unique_key, line_key, limits") + FORGET);
    fail =
        sql.of(
            """
            WITH told AS (
              SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
                                   ?::text[], ?::text[], ?::text[])
                AS t (id, token, delay, reason, error_class, error_message, error_stack,
                      fingerprint)
            ), held AS MATERIALIZED (
              SELECT t.*, j.attempt, j.unique_key, j.line_key, j.line_skip, j.limits,
                     COALESCE(t.reason, CASE WHEN j.attempt >= j.max_attempts THEN 'EXHAUSTED'
                                             WHEN j.cancel_requested THEN 'CANCELLED' END)
                       AS verdict
                FROM {p}job j JOIN told t ON t.id = j.id AND t.token = j.token
               WHERE j.engine IS NOT NULL ORDER BY j.id FOR UPDATE OF j
            ), noted AS (
              INSERT INTO {p}attempt (job_id, token, attempt, ended_at, error_class,
                  error_message, error_stack)
              SELECT id, token, attempt, {now}, error_class, error_message, error_stack FROM held
            ), back AS (
              UPDATE {p}job j
                 SET state = 'PENDING', engine = NULL, claim_id = NULL, block_reason = NULL,
                     suspect = false, run_at = LEAST({now} + h.delay * interval '1 microsecond',
                                    timestamptz '9999-12-31 23:59:59.999999+00')
                FROM held h WHERE h.id = j.id AND h.verdict IS NULL
            ), gone AS (
              DELETE FROM {p}job j USING held h WHERE j.id = h.id AND h.verdict IS NOT NULL
              RETURNING j.*, h.verdict, h.error_class, h.error_message, h.error_stack,
                        h.fingerprint
            ), buried AS (
              INSERT INTO {p}dead (id, token, run_at, created_at, finished_at, attempt,
                  max_attempts, crashes, type_version, priority, suspect, reason, queue, type,
                  unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload,
                  error_class, error_message, error_stack, fingerprint)
              SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                     type_version, priority, suspect, verdict, queue, type, unique_key, line_key, line_skip, tenant,
                     origin, tags, limits, headers, codec, payload, error_class, error_message, error_stack,
                     fingerprint
                FROM gone WHERE verdict <> 'CANCELLED'
            ), kept AS (
              INSERT INTO {p}history (id, token, run_at, created_at, finished_at, attempt,
                  max_attempts, crashes, type_version, priority, suspect, state, queue, type,
                  unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload)
              SELECT id, token, run_at, created_at, {now}, attempt, max_attempts, crashes,
                     type_version, priority, suspect, verdict, queue, type, unique_key, line_key, line_skip, tenant,
                     origin, tags, limits, headers, codec, payload
                FROM gone WHERE verdict = 'CANCELLED'
            )
            SELECT id, token, unique_key, limits,
                   CASE WHEN verdict = 'CANCELLED' OR (verdict IS NOT NULL AND line_skip)
                        THEN line_key END AS line_key,
                   CASE WHEN verdict = 'CANCELLED' THEN 'CANCELLED'
                        WHEN verdict IS NOT NULL THEN 'DEAD' END AS ending
              FROM held
            """);
    giveBack =
        sql.of(
            """
            WITH told AS (
              SELECT * FROM unnest(?::uuid[], ?::bigint[], ?::bigint[]) AS t (id, token, delay)
            ), held AS MATERIALIZED (
              SELECT t.*, j.unique_key, j.limits, j.cancel_requested AS ended,
                     CASE WHEN j.cancel_requested THEN j.line_key END AS line_key
                FROM {p}job j JOIN told t ON t.id = j.id AND t.token = j.token
               WHERE j.engine IS NOT NULL ORDER BY j.id FOR UPDATE OF j
            ), back AS (
              UPDATE {p}job j
                 SET state = 'PENDING', engine = NULL, claim_id = NULL, block_reason = NULL,
                     attempt = j.attempt - 1, suspect = j.suspect AND h.delay IS NULL,
                     run_at = CASE WHEN h.delay IS NULL THEN j.run_at ELSE
                                LEAST({now} + h.delay * interval '1 microsecond',
                                      timestamptz '9999-12-31 23:59:59.999999+00') END
                FROM held h WHERE h.id = j.id AND NOT h.ended
            ), gone AS (
              DELETE FROM {p}job j USING held h WHERE j.id = h.id AND h.ended RETURNING j.*
            ), kept AS (
              INSERT INTO {p}history (id, token, run_at, created_at, finished_at, attempt,
                  max_attempts, crashes, type_version, priority, suspect, state, queue, type,
                  unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload)
              SELECT id, token, run_at, created_at, {now}, attempt - 1,
                     max_attempts, crashes, type_version, priority, suspect, 'CANCELLED', queue,
                     type, unique_key, line_key, line_skip, tenant, origin, tags, limits, headers, codec, payload
                FROM gone
            )
            SELECT id, token, CASE WHEN ended THEN 'CANCELLED' END AS ending, unique_key,
                   line_key, limits
              FROM held
            """);
  }

  /** The statements, for their plans. */
  List<String> statements() {
    return List.of(finish, succeed, fail, giveBack);
  }

  @Override
  public List<Applied> apply(Connection connection, List<Settlement> settlements)
      throws SQLException {
    List<Applied> applied = new ArrayList<>(settlements.size());
    succeed(connection, only(settlements, this::justSucceeds), applied);
    finish(connection, only(settlements, this::finishes), applied);
    fail(connection, only(settlements, PostgresSettleStep::fails), applied);
    giveBack(connection, only(settlements, PostgresSettleStep::isGivenBack), applied);
    return applied;
  }

  /** It leaves nothing but that: no result that is kept. */
  private boolean justSucceeds(Outcome outcome) {
    return outcome instanceof Outcome.Succeeded done && !(keepsHistory && done.result() != null);
  }

  private boolean finishes(Outcome outcome) {
    return isCalledOff(outcome) || (outcome instanceof Outcome.Succeeded && !justSucceeds(outcome));
  }

  private static boolean isCalledOff(Outcome outcome) {
    return outcome instanceof Outcome.Cancelled;
  }

  private static boolean fails(Outcome outcome) {
    return outcome instanceof Outcome.Retry || outcome instanceof Outcome.Dead;
  }

  private static boolean isGivenBack(Outcome outcome) {
    return outcome instanceof Outcome.Snoozed || outcome instanceof Outcome.Released;
  }

  private static List<Settlement> only(List<Settlement> all, Predicate<Outcome> kind) {
    return all.stream().filter(settlement -> kind.test(settlement.outcome())).toList();
  }

  private void finish(Connection connection, List<Settlement> told, List<Applied> applied)
      throws SQLException {
    execute(
        connection,
        finish,
        told,
        applied,
        columns -> {
          columns.add(
              "text", s -> s.outcome() instanceof Outcome.Succeeded ? "SUCCEEDED" : "CANCELLED");
          columns.add("text", PostgresSettleStep::resultCodec);
          columns.add("bytea", PostgresSettleStep::resultBytes);
        });
  }

  private void fail(Connection connection, List<Settlement> told, List<Applied> applied)
      throws SQLException {
    execute(
        connection,
        fail,
        told,
        applied,
        columns -> {
          columns.add(
              "int8", s -> s.outcome() instanceof Outcome.Retry r ? Micros.of(r.delay()) : null);
          columns.add(
              "text", s -> s.outcome() instanceof Outcome.Dead d ? d.reason().name() : null);
          columns.add("text", s -> failure(s).errorClass());
          columns.add("text", s -> failure(s).message());
          columns.add("text", s -> failure(s).stack());
          columns.add("text", s -> failure(s).fingerprint());
        });
  }

  private void giveBack(Connection connection, List<Settlement> told, List<Applied> applied)
      throws SQLException {
    execute(
        connection,
        giveBack,
        told,
        applied,
        columns ->
            columns.add(
                "int8",
                s -> s.outcome() instanceof Outcome.Snoozed z ? Micros.of(z.delay()) : null));
  }

  private static @Nullable String resultCodec(Settlement settlement) {
    return settlement.outcome() instanceof Outcome.Succeeded done && done.result() != null
        ? done.result().codec()
        : null;
  }

  private static byte @Nullable [] resultBytes(Settlement settlement) {
    return settlement.outcome() instanceof Outcome.Succeeded done && done.result() != null
        ? done.result().bytes()
        : null;
  }

  private static Failure failure(Settlement settlement) {
    if (settlement.outcome() instanceof Outcome.Retry retry) {
      return retry.failure();
    }
    return ((Outcome.Dead) settlement.outcome()).failure();
  }

  private void succeed(Connection connection, List<Settlement> told, List<Applied> applied)
      throws SQLException {
    if (told.isEmpty()) {
      return;
    }
    Map<TokenLease, Applied> answered = new HashMap<>();
    long jobs = 0;
    try (PreparedStatement statement = connection.prepareStatement(IN_ORDER + succeed)) {
      ArrayColumns<Settlement> columns = new ArrayColumns<>(statement, told);
      addLeases(columns);
      statement.setInt(3, told.size());
      try (ResultSet row = answer(statement)) {
        while (row.next()) {
          jobs = row.getLong("jobs");
          UUID job = row.getObject("id", UUID.class);
          if (job != null) {
            answered.put(
                new TokenLease(new JobId(job), row.getLong("token")),
                applied(row, Ending.SUCCEEDED));
          }
        }
      }
    }
    if (jobs < told.size()) {
      applied.addAll(answered.values());
      return;
    }
    for (Settlement settlement : told) {
      TokenLease lease = (TokenLease) settlement.lease();
      Applied concerning = answered.get(lease);
      applied.add(
          concerning != null
              ? concerning
              : new Applied(lease.id().value(), lease.token(), Ending.SUCCEEDED, null, null, null));
    }
  }

  /** What the query answers, behind what is set before it. */
  private static ResultSet answer(PreparedStatement statement) throws SQLException {
    boolean isAnswer = statement.execute();
    while (!isAnswer) {
      if (statement.getUpdateCount() == -1) {
        throw new SQLException("a settlement was not answered", "02000");
      }
      isAnswer = statement.getMoreResults();
    }
    return statement.getResultSet();
  }

  private static void addLeases(ArrayColumns<Settlement> columns) throws SQLException {
    columns.add("uuid", s -> ((TokenLease) s.lease()).id().value());
    columns.add("int8", s -> ((TokenLease) s.lease()).token());
  }

  private static Applied applied(ResultSet row, @Nullable Ending ending) throws SQLException {
    return new Applied(
        row.getObject("id", UUID.class),
        row.getLong("token"),
        ending,
        row.getString("unique_key"),
        row.getString("line_key"),
        row.getString("limits"));
  }

  private interface MoreColumns {
    void addTo(ArrayColumns<Settlement> columns) throws SQLException;
  }

  private static void execute(
      Connection connection,
      String sql,
      List<Settlement> told,
      List<Applied> applied,
      MoreColumns more)
      throws SQLException {
    if (told.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      ArrayColumns<Settlement> columns = new ArrayColumns<>(statement, told);
      addLeases(columns);
      more.addTo(columns);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          applied.add(applied(row, ending(row.getString("ending"))));
        }
      }
    }
  }

  private static @Nullable Ending ending(@Nullable String text) {
    return text == null ? null : Ending.valueOf(text);
  }
}
