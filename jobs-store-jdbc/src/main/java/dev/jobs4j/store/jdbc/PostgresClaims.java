package dev.jobs4j.store.jdbc;

import static java.util.Objects.requireNonNull;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

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
final class PostgresClaims implements Claims, ClaimSteps {

  /** Of payloads for which no slot is free yet. */
  private static final int MOST_BYTES = 16 << 20;

  private final Transactions transactions;
  private final Values values;
  private final String claim;
  private final PostgresPlan plan;
  private final SteppedClaims stepped;
  private final Command engine;
  private final Command paused;
  private final Command lock;
  private final Command start;
  private final ClaimBook book;
  private final Map<Wish, Marks> all = new ConcurrentHashMap<>();
  private final OpenClaims open = new OpenClaims();

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
            ), limited AS MATERIALIZED (
              SELECT EXISTS (
                       SELECT 1 FROM (VALUES (1), (2), (3), (4), (5)) AS level (priority), LATERAL (
                         SELECT 1 FROM {p}job
                          WHERE state = 'PENDING' AND block_reason IS NULL AND NOT suspect
                            AND limits IS NOT NULL AND queue = ? AND priority = level.priority
                            AND run_at <= {now}
                            AND type = ANY ((SELECT types FROM wanted)::text[])
                            AND (type_version = 1 OR type || '#' || type_version = ANY (?))
                            AND (expires_at IS NULL OR expires_at > {now})
                            AND (tenant = ANY ((SELECT not_tenants FROM wanted)::text[]))
                                IS NOT TRUE
                          LIMIT 1) l)
                  OR EXISTS (
                       SELECT 1 FROM {p}job
                        WHERE ? AND state = 'PENDING' AND block_reason IS NULL AND suspect
                          AND limits IS NOT NULL AND queue = ? AND run_at <= {now}
                          AND type = ANY ((SELECT types FROM wanted)::text[])
                          AND (tenant = ANY ((SELECT not_tenants FROM wanted)::text[]))
                              IS NOT TRUE)
                  OR EXISTS (
                       SELECT 1 FROM {p}limit_wait WHERE queue = ? AND opens_at <= {now}) AS here
            ), suspects AS MATERIALIZED (
              SELECT s.*
                FROM alive, limited, LATERAL (
                  SELECT ctid AS at, priority, run_at, id, octet_length(payload) AS size FROM {p}job
                   WHERE ? AND state = 'PENDING' AND block_reason IS NULL AND suspect
                     AND limits IS NULL AND queue = ? AND run_at <= {now}
                     AND type = ANY ((SELECT types FROM wanted)::text[])
                     AND (type_version = 1 OR type || '#' || type_version = ANY (?))
                     AND (expires_at IS NULL OR expires_at > {now})
                     AND (tenant = ANY ((SELECT not_tenants FROM wanted)::text[])) IS NOT TRUE
                   ORDER BY priority, run_at, id
                   LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) s
               WHERE NOT limited.here
            ), due AS MATERIALIZED (
              SELECT d.*
                FROM alive, limited,
                     unnest(?::text[]::timestamptz[], ?::uuid[])
                       WITH ORDINALITY AS level (after_run_at, after_id, priority), LATERAL (
                  SELECT ctid AS at, priority, run_at, id, octet_length(payload) AS size FROM {p}job
                   WHERE state = 'PENDING' AND block_reason IS NULL AND NOT suspect
                     AND limits IS NULL AND queue = ? AND priority = level.priority AND run_at <= {now}
                     AND (run_at, id) > (level.after_run_at, level.after_id)
                     AND type = ANY ((SELECT types FROM wanted)::text[])
                     AND (type_version = 1 OR type || '#' || type_version = ANY (?))
                     AND (expires_at IS NULL OR expires_at > {now})
                     AND (tenant = ANY ((SELECT not_tenants FROM wanted)::text[])) IS NOT TRUE
                   ORDER BY run_at, id
                   LIMIT ? FOR NO KEY UPDATE SKIP LOCKED) d
               WHERE NOT limited.here
               LIMIT ?
            ), taken AS MATERIALIZED (
              SELECT at FROM (
                SELECT at, row_number() OVER so_far AS place, sum(size) OVER so_far AS bytes
                  FROM (SELECT * FROM suspects UNION ALL SELECT * FROM due) AS both_kinds
                WINDOW so_far AS (ORDER BY priority, run_at, id ROWS UNBOUNDED PRECEDING)) AS placed
               WHERE place <= ? AND (place <= ? OR bytes <= %d)
            ), started AS (
              UPDATE {p}job
                 SET state = 'RUNNING', engine = ?, claim_id = ?,
                     token = token + 1, attempt = attempt + 1
               WHERE ctid = ANY (ARRAY (SELECT at FROM taken))
              RETURNING id, token, type, type_version, priority, run_at, attempt,
                        max_attempts, suspect, tenant, tags, headers, origin, codec, payload,
                        {age} AS age
            ), booked AS (
              INSERT INTO {p}claim (engine, id, jobs)
              SELECT ?, ?, array_agg(id) FROM started HAVING count(*) > 0
            ), closed AS (
              DELETE FROM {p}claim WHERE engine = ? AND id = ANY (?)
            )
            SELECT limited.here, EXISTS (SELECT FROM alive) AS alive,
                   (SELECT count(*) FROM due) AS found, (SELECT {now-?}) AS horizon,
                   (SELECT CAST(date_part('epoch', clock_timestamp() - statement_timestamp())
                                * 1000000 AS bigint)) AS spent,
                   started.*
              FROM limited LEFT JOIN started ON true
            """
                .formatted(MOST_BYTES));
    plan = new PostgresPlan(sql.of("{p}job"));
    stepped = new SteppedClaims(sql);
    engine = sql.command("SELECT id FROM {p}engine WHERE id = ? AND state = 'LIVE' FOR KEY SHARE");
    paused = sql.command("SELECT scope, name" + Held.FROM);
    lock = sql.command(lockDue());
    start =
        sql.command(
            """
            UPDATE {p}job
               SET state = 'RUNNING', engine = ?, claim_id = ?, block_reason = NULL,
                   blocked_on = NULL, token = token + 1, attempt = attempt + 1
             WHERE id = ANY (?)
            """);
    book = new ClaimBook(transactions, sql);
  }

  private static long nanos() {
    return Machine.OWN.nanos().getAsLong();
  }

  /** With all columns: a row that was changed meanwhile is read as it was locked. */
  private static String lockDue() {
    String levels =
        """
        SELECT d.* FROM (VALUES (1), (2), (3), (4), (5)) AS level (priority), LATERAL (
          SELECT %1$s FROM {p}job
           WHERE state = 'PENDING' AND block_reason IS NULL AND NOT suspect AND %2$s
             AND queue = ? AND priority = level.priority AND run_at <= {now}
             AND type = ANY (?) AND (type_version = 1 OR {type_version} = ANY (?))
             AND (expires_at IS NULL OR expires_at > {now})
             AND (tenant = ANY (?)) IS NOT TRUE
           ORDER BY run_at, id
           LIMIT ? FOR NO KEY UPDATE SKIP LOCKED) d
        """;
    String suspects =
        """
        SELECT s.* FROM (
          SELECT %1$s FROM {p}job
           WHERE state = 'PENDING' AND block_reason IS NULL AND suspect
             AND queue = ? AND run_at <= {now}
             AND type = ANY (?) AND (type_version = 1 OR {type_version} = ANY (?))
             AND (expires_at IS NULL OR expires_at > {now})
             AND (tenant = ANY (?)) IS NOT TRUE AND ?
           ORDER BY priority, run_at, id
           LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) s
        """;
    return "("
        + levels.formatted(Candidate.COLUMNS, "limits IS NULL")
        + ") UNION ALL ("
        + levels.formatted(Candidate.COLUMNS, "limits IS NOT NULL")
        + ") UNION ALL ("
        + suspects.formatted(Candidate.COLUMNS)
        + ")";
  }

  /** The statement, for its plan. */
  String statement() {
    return claim;
  }

  @Override
  public List<String> planTroubles(Connection connection) throws SQLException {
    return plan.troubles(
        connection,
        claim,
        statement -> bind(statement, ClaimSteps.PROBE, List.of(), Marks.Walk.WHOLE));
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    EngineId engine = request.engine();
    List<UUID> over = open.takeOver(engine);
    List<LeasedJob> jobs;
    try {
      jobs = claim(request, over);
    } catch (RuntimeException | Error e) {
      open.putBack(engine, over);
      throw e;
    }
    open.opened(engine, request.claimId(), jobs, nanos());
    return jobs;
  }

  private List<LeasedJob> claim(ClaimRequest request, List<UUID> over) {
    if (request.turn() != null) {
      return stepped(request, over);
    }
    Marks marks = all.computeIfAbsent(Wish.of(request), wish -> new Marks());
    Marks.Walk walk = marks.next(nanos());
    Claimed claimed =
        transactions.statement("Claim", connection -> execute(connection, request, over, walk));
    if (claimed.limited()) {
      return stepped(request, List.of());
    }
    if (claimed.alive()) {
      marks.walked(walk, request, claimed, nanos());
    }
    return claimed.jobs().stream().map(Candidate::job).toList();
  }

  private List<LeasedJob> stepped(ClaimRequest request, List<UUID> over) {
    book.close(request.engine(), over);
    return stepped.claim(transactions, request, this);
  }

  @Override
  public void given(EngineId engine, UUID claimId, List<LeasedJob> jobs) {
    open.opened(engine, claimId, jobs, nanos());
  }

  @Override
  public void ended(Collection<? extends Lease> leases) {
    leases.forEach(open::ended);
  }

  @Override
  public void left(EngineId engine) {
    open.forget(engine);
  }

  @Override
  public void tend() {
    open.longRunning(nanos())
        .forEach(
            (engine, members) -> {
              Set<UUID> aside =
                  book.setAside(engine, members.stream().map(OpenClaims.Member::job).toList());
              members.stream()
                  .filter(member -> aside.contains(member.job()))
                  .forEach(OpenClaims.Member::setAside);
            });
    book.mendNext();
  }

  @Override
  public void lookAgain() {
    all.values().forEach(Marks::forget);
  }

  /** Whose claims pass over the same jobs. */
  private record Wish(JobQueue queue, Map<String, Integer> types) {
    static Wish of(ClaimRequest request) {
      return new Wish(request.queue(), request.types());
    }
  }

  /**
   * What a claim found.
   *
   * @param limited whether limits are in play, and nothing was claimed
   * @param alive whether it looked at all: not for an engine that is fenced, nor while its queue or
   *     node is paused
   * @param found how many ordinary jobs it found, of which it takes only so many bytes ahead
   * @param jobs in order
   * @param horizon a moment by the database's clock up to which everything could be seen
   * @param spent how long the database took
   */
  record Claimed(
      boolean limited,
      boolean alive,
      long found,
      List<Candidate> jobs,
      Instant horizon,
      Duration spent) {}

  @Override
  public Optional<Duration> opensIn(JobQueue queue) {
    return stepped.opensIn(transactions, queue);
  }

  @Override
  public boolean hasMetLimits() {
    return stepped.hasMetLimits();
  }

  private Claimed execute(
      Connection connection, ClaimRequest request, List<UUID> over, Marks.Walk walk)
      throws SQLException {
    boolean limited = false;
    boolean alive = false;
    long foundInAll = 0;
    List<Candidate> claimed = new ArrayList<>();
    Instant horizon = Instant.MIN;
    long spent = 0;
    try (PreparedStatement statement = connection.prepareStatement(PostgresPlan.KEPT + claim)) {
      bind(statement, request, over, walk);
      try (ResultSet found = PostgresPlan.answer(statement)) {
        while (found.next()) {
          limited = found.getBoolean(1);
          alive = found.getBoolean(2);
          foundInAll = found.getLong(3);
          if (claimed.isEmpty()) {
            horizon = requireNonNull(values.instant(found, 4));
            spent = found.getLong(5);
          }
          if (found.getObject(6) != null) {
            claimed.add(candidate(found, request.queue()));
          }
        }
      }
    }
    claimed.sort(Candidate.IN_ORDER); // RETURNING has no order
    return new Claimed(
        limited, alive, foundInAll, claimed, horizon, Duration.of(spent, ChronoUnit.MICROS));
  }

  /** By place: to find a column by its name costs more than to read it. */
  private Candidate candidate(ResultSet row, JobQueue queue) throws SQLException {
    JobId id = new JobId(values.id(row, 6));
    long token = row.getLong(7);
    int maxAttempts = row.getInt(13);
    boolean unlimited = row.wasNull();
    LeasedJob job =
        new LeasedJob(
            new TokenLease(id, token),
            id,
            row.getString(8),
            row.getInt(9),
            queue,
            new Payload(row.getString(19), row.getBytes(20)),
            row.getInt(12),
            unlimited ? null : maxAttempts,
            OptionalLong.of(token),
            row.getBoolean(14),
            Duration.of(Math.max(0, row.getLong(21)), ChronoUnit.MICROS),
            row.getString(15),
            Tags.read(row.getString(16)),
            Headers.read(row.getString(17)),
            row.getString(18));
    return new Candidate(
        job, row.getInt(10), requireNonNull(values.instant(row, 11)), Set.of(), null);
  }

  static void bind(
      PreparedStatement statement, ClaimRequest request, List<UUID> over, Marks.Walk walk)
      throws SQLException {
    Connection connection = statement.getConnection();
    String queue = request.queue().name();
    List<String> later = Kinds.laterVersions(request);
    statement.setObject(1, request.engine().value());
    statement.setString(2, queue);
    statement.setArray(3, ArrayValues.texts(connection, Kinds.names(request)));
    statement.setString(4, queue);
    statement.setArray(5, ArrayValues.texts(connection, later));
    statement.setBoolean(6, request.suspect());
    statement.setString(7, queue);
    statement.setString(8, queue);
    statement.setBoolean(9, request.suspect());
    statement.setString(10, queue);
    statement.setArray(11, ArrayValues.texts(connection, later));
    statement.setArray(12, ArrayValues.texts(connection, walk.moments()));
    statement.setArray(13, new IdArray(walk.ids()));
    statement.setString(14, queue);
    statement.setArray(15, ArrayValues.texts(connection, later));
    statement.setInt(16, request.limit());
    statement.setInt(17, request.limit());
    statement.setInt(18, request.limit());
    statement.setInt(19, Math.max(1, request.places()));
    statement.setObject(20, request.engine().value());
    statement.setObject(21, request.claimId());
    statement.setObject(22, request.engine().value());
    statement.setObject(23, request.claimId());
    statement.setObject(24, request.engine().value());
    statement.setArray(25, new IdArray(over));
    statement.setLong(26, Marks.LATE_MICROS);
  }

  @Override
  public Held held(Connection connection, ClaimRequest request) throws SQLException {
    Held held = new Held();
    paused.on(connection).text(request.queue().name()).id(request.engine().value()).each(held::add);
    return held;
  }

  @Override
  public boolean isLive(Connection connection, ClaimRequest request) throws SQLException {
    return !engine.on(connection).id(request.engine().value()).findIds().isEmpty();
  }

  @Override
  public List<Candidate> lockDue(Connection connection, ClaimRequest request, Held held)
      throws SQLException {
    Call call = lock.on(connection);
    for (int i = 0; i < 3; i++) {
      call.text(request.queue().name())
          .texts(Kinds.names(request))
          .texts(Kinds.laterVersions(request))
          .texts(held.tenants());
      if (i < 2) {
        call.number(request.limit());
      } else {
        call.flag(request.suspect());
      }
    }
    return call.list(Candidate::locked);
  }

  @Override
  public List<LeasedJob> start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
      throws SQLException {
    List<UUID> ids = jobs.stream().map(job -> job.id().value()).toList();
    start.on(connection).id(request.engine().value()).id(request.claimId()).ids(ids).update();
    book.enter(connection, request, ids);
    return jobs;
  }
}
