package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The claim as one statement that the server commits by itself: nobody can be paused in the middle
 * of it with the engine's row locked.
 *
 * <p>The lock on the engine's row makes a fence wait for claims in flight, and a claim find out
 * that it was fenced; it does not hinder a renewal. The five priority levels are walked one after
 * the other, each as far as jobs are due and wanted, so the index bounds run_at and nothing is
 * sorted but what was claimed. What is paused is read once, into two arrays: a planner that knew no
 * more of them than that they are subqueries would give up the walk along the index. Rows are then
 * updated by key through an array, which no stale statistics can turn into a scan.
 */
final class PostgresClaims implements Claims {

  private final Transactions transactions;
  private final Values values;
  private final String claim;

  PostgresClaims(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    values = sql.values();
    claim =
        sql.of(
            """
            WITH paused AS MATERIALIZED (
              SELECT scope, name FROM {p}pause
               WHERE paused_until IS NULL OR paused_until > {now}
            ), alive AS MATERIALIZED (
              SELECT id FROM {p}engine AS e
               WHERE id = ? AND state = 'LIVE' AND NOT EXISTS (
                 SELECT FROM paused AS p WHERE (p.scope = 'QUEUE' AND p.name = ?)
                    OR (p.scope = 'NODE' AND p.name = e.name))
                 FOR KEY SHARE OF e
            ), wanted AS MATERIALIZED (
              SELECT ARRAY (SELECT known FROM unnest(?::text[]) AS known
                             WHERE known NOT IN (SELECT name FROM paused WHERE scope = 'TYPE'))
                       AS types,
                     ARRAY (SELECT name::text FROM paused WHERE scope = 'TENANT') AS not_tenants
            ), suspects AS MATERIALIZED (
              SELECT s.id, s.priority, s.run_at
                FROM alive, LATERAL (
                  SELECT id, priority, run_at FROM {p}job
                   WHERE ? AND state = 'PENDING' AND block_reason IS NULL AND suspect
                     AND queue = ? AND run_at <= {now}
                     AND type = ANY ((SELECT types FROM wanted)::text[])
                     AND (type_version = 1 OR type || '#' || type_version = ANY (?))
                     AND (expires_at IS NULL OR expires_at > {now})
                     AND (tenant = ANY ((SELECT not_tenants FROM wanted)::text[])) IS NOT TRUE
                   ORDER BY priority, run_at, id
                   LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) s
            ), due AS MATERIALIZED (
              SELECT d.id, d.priority, d.run_at
                FROM alive, (VALUES (1), (2), (3), (4), (5)) AS level (priority), LATERAL (
                  SELECT id, priority, run_at FROM {p}job
                   WHERE state = 'PENDING' AND block_reason IS NULL AND NOT suspect
                     AND queue = ? AND priority = level.priority AND run_at <= {now}
                     AND type = ANY ((SELECT types FROM wanted)::text[])
                     AND (type_version = 1 OR type || '#' || type_version = ANY (?))
                     AND (expires_at IS NULL OR expires_at > {now})
                     AND (tenant = ANY ((SELECT not_tenants FROM wanted)::text[])) IS NOT TRUE
                   ORDER BY run_at, id
                   LIMIT ? FOR NO KEY UPDATE SKIP LOCKED) d
               LIMIT ?
            ), taken AS MATERIALIZED (
              SELECT id FROM (SELECT * FROM suspects UNION ALL SELECT * FROM due) AS both_kinds
               ORDER BY priority, run_at, id LIMIT ?
            )
            UPDATE {p}job
               SET state = 'RUNNING', engine = ?, claim_id = ?,
                   token = token + 1, attempt = attempt + 1
             WHERE id = ANY (ARRAY (SELECT id FROM taken))
            RETURNING id, token, type, type_version, queue, priority, run_at, attempt,
                      max_attempts, suspect, tenant, tags, headers, origin, codec, payload,
                      {age} AS age
            """);
  }

  /** The statement, for its plan. */
  String statement() {
    return claim;
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    List<Candidate> claimed =
        transactions.statement("Claim", connection -> execute(connection, request));
    claimed.sort(Candidate.IN_ORDER); // RETURNING has no order
    return claimed.stream().map(Candidate::job).toList();
  }

  private List<Candidate> execute(Connection connection, ClaimRequest request) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(claim)) {
      bind(statement, request);
      List<Candidate> claimed = new ArrayList<>();
      try (ResultSet found = statement.executeQuery()) {
        Row row = new Row(found, values);
        while (found.next()) {
          claimed.add(Candidate.claimed(row));
        }
      }
      return claimed;
    }
  }

  static void bind(PreparedStatement statement, ClaimRequest request) throws SQLException {
    Connection connection = statement.getConnection();
    String queue = request.queue().name();
    List<String> later = Kinds.laterVersions(request);
    statement.setObject(1, request.engine().value());
    statement.setString(2, queue);
    statement.setArray(3, ArrayValues.texts(connection, Kinds.names(request)));
    statement.setBoolean(4, request.suspect());
    statement.setString(5, queue);
    statement.setArray(6, ArrayValues.texts(connection, later));
    statement.setString(7, queue);
    statement.setArray(8, ArrayValues.texts(connection, later));
    statement.setInt(9, request.limit());
    statement.setInt(10, request.limit());
    statement.setInt(11, request.limit());
    statement.setObject(12, request.engine().value());
    statement.setObject(13, request.claimId());
  }
}
