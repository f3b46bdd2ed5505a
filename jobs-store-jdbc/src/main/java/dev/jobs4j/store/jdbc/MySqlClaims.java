package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claim in a look and a transaction. The look, which locks nothing, finds the priorities at
 * which jobs are due, and what is paused: most claims find no jobs and end there, in one round
 * trip. Then the levels are walked along the index, which bounds run_at and has the order of the
 * claim, so that nothing is sorted and what others hold is passed over; what was locked is updated
 * by key.
 *
 * <p>The index is named in every statement: a planner that walked or sorted the table instead would
 * lock all that it saw, and other claimers would find a full queue empty. A row of a type that this
 * node does not know, or of a paused tenant, on the way to one that it does, is locked all the
 * same, seen on MariaDB, until the claim is committed.
 *
 * <p>The engine's row comes last, for the shortest time: its lock makes a fence pass over this
 * engine, and tells a claim that it was fenced.
 */
final class MySqlClaims implements Claims {

  private static final int NORMAL = 0;
  private static final int SUSPECT = 1;

  /** Where jobs are due. */
  record Place(int lane, int priority) {}

  /** What a look has found. */
  record Found(Set<Place> due, Held held) {}

  /** A key that due jobs wait for and that may be open stands for a place of its own. */
  private static final String WAITS =
      """
      (SELECT 2 AS lane, 9 AS priority, NULL AS scope, NULL AS name FROM {p}limit_wait
        WHERE queue = ? AND opens_at <= {now} LIMIT 1)
      """;

  private final Transactions transactions;
  private final SteppedClaims stepped;
  private final Command look;
  private final Command lock;
  private final Command plan;
  private final Command engine;
  private final Command start;

  MySqlClaims(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    stepped = new SteppedClaims(sql);
    List<String> looks = new ArrayList<>();
    for (int lane : new int[] {NORMAL, SUSPECT}) {
      for (Priority level : Priority.values()) {
        looks.add(lookAt(lane, level));
      }
    }
    looks.add(WAITS);
    looks.add("SELECT 0, 0, scope, name" + Held.FROM);
    look = sql.command(String.join(" UNION ALL ", looks));
    String lockDue =
        """
            SELECT %s
              FROM {p}job {use job_claim}
             WHERE queue = ? AND lane = ? AND priority = ? AND run_at <= {now} AND type = ANY (?)
               AND (type_version = 1 OR CONCAT(type, '#', type_version) = ANY (?))
               AND (expires_at IS NULL OR expires_at > {now})
               AND (tenant = ANY (?)) IS NOT TRUE
             ORDER BY run_at, id
             LIMIT ?
               FOR UPDATE SKIP LOCKED
            """
            .formatted(Candidate.COLUMNS);
    lock = sql.command(lockDue);
    plan = sql.command("EXPLAIN " + lockDue);
    engine = sql.command("SELECT id FROM {p}engine WHERE id = ? AND state = 'LIVE' {share}");
    start =
        sql.command(
            """
            UPDATE {p}job {use PRIMARY}
               SET state = 'RUNNING', engine = ?, claim_id = ?, block_reason = NULL,
                   blocked_on = NULL, token = token + 1, attempt = attempt + 1
             WHERE id = ANY (?)
            """);
  }

  /** Numbers in the text, not parameters of a join: only so the index bounds run_at at each. */
  private static String lookAt(int lane, Priority level) {
    return """
        (SELECT %1$d AS lane, %2$d AS priority, NULL AS scope, NULL AS name
           FROM {p}job {use job_claim}
          WHERE queue = ? AND lane = %1$d AND priority = %2$d AND run_at <= {now}
            AND type = ANY (?)
            AND (type_version = 1 OR CONCAT(type, '#', type_version) = ANY (?))
            AND (expires_at IS NULL OR expires_at > {now})
          LIMIT 1)
        """
        .formatted(lane, level.level());
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    Found found =
        transactions.read("Looking for due jobs", connection -> look(connection, request));
    if (found.due().isEmpty() || found.held().all(request)) {
      return List.of();
    }
    return stepped.claim(transactions, request, new Steps(found));
  }

  @Override
  public List<String> planTroubles(Connection connection) throws SQLException {
    Set<String> troubles = new LinkedHashSet<>();
    lockDue(plan, connection, ClaimSteps.PROBE, new Held(), NORMAL, Priority.NORMAL, 100)
        .each(
            row -> {
              String words = String.valueOf(row.textOrNull("Extra"));
              if (words.contains("filesort")) {
                troubles.add("it sorts all jobs that are due and locks them (" + words + ")");
              }
            });
    return List.copyOf(troubles);
  }

  @Override
  public Optional<Duration> opensIn(JobQueue queue) {
    return stepped.opensIn(transactions, queue);
  }

  @Override
  public boolean hasMetLimits() {
    return stepped.hasMetLimits();
  }

  /** In a transaction that is open. */
  List<LeasedJob> take(Connection connection, ClaimRequest request, Found found)
      throws SQLException {
    return stepped.claim(connection, request, new Steps(found));
  }

  Found look(Connection connection, ClaimRequest request) throws SQLException {
    Call call = look.on(connection);
    for (int i = 0; i < 2 * Priority.values().length; i++) {
      call.text(request.queue().name())
          .texts(Kinds.names(request))
          .texts(Kinds.laterVersions(request));
    }
    call.text(request.queue().name());
    call.text(request.queue().name()).id(request.engine().value());
    Found found = new Found(new HashSet<>(), new Held());
    call.each(
        row -> {
          int priority = row.integer("priority");
          if (priority == 0) {
            found.held().add(row);
          } else if (request.suspect() || row.integer("lane") != SUSPECT) {
            found.due().add(new Place(row.integer("lane"), priority));
          }
        });
    return found;
  }

  /** At each level the one suspect comes before or behind the others as it was due. */
  private List<Candidate> lockDue(
      Connection connection, ClaimRequest request, Held held, Set<Place> due) throws SQLException {
    List<Candidate> locked = new ArrayList<>();
    boolean suspect = true;
    for (Priority level : Priority.values()) {
      int wanted = request.limit() - locked.size();
      if (wanted == 0) {
        break;
      }
      List<Candidate> ofLevel = new ArrayList<>();
      if (due.contains(new Place(NORMAL, level.level()))) {
        ofLevel.addAll(lock(connection, request, held, NORMAL, level, wanted));
      }
      if (suspect && due.contains(new Place(SUSPECT, level.level()))) {
        ofLevel.addAll(lock(connection, request, held, SUSPECT, level, 1));
      }
      ofLevel.sort(Candidate.IN_ORDER);
      locked.addAll(ofLevel.subList(0, Math.min(wanted, ofLevel.size())));
      suspect = locked.stream().noneMatch(candidate -> candidate.job().suspect());
    }
    return locked;
  }

  private List<Candidate> lock(
      Connection connection, ClaimRequest request, Held held, int lane, Priority level, int limit)
      throws SQLException {
    return lockDue(lock, connection, request, held, lane, level, limit).list(Candidate::locked);
  }

  private static Call lockDue(
      Command command,
      Connection connection,
      ClaimRequest request,
      Held held,
      int lane,
      Priority level,
      int limit) {
    return command
        .on(connection)
        .text(request.queue().name())
        .number(lane)
        .number(level.level())
        .texts(Kinds.names(request))
        .texts(Kinds.laterVersions(request))
        .texts(held.tenants())
        .number(limit);
  }

  private boolean isLive(Connection connection, ClaimRequest request) throws SQLException {
    return !engine.on(connection).id(request.engine().value()).findIds().isEmpty();
  }

  private List<LeasedJob> start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
      throws SQLException {
    start
        .on(connection)
        .id(request.engine().value())
        .id(request.claimId())
        .ids(jobs.stream().map(job -> job.id().value()).toList())
        .update();
    return jobs;
  }

  /** One claim, which has looked before it began its transaction. */
  private final class Steps implements ClaimSteps {
    private final Held held;
    private @Nullable Set<Place> due;

    Steps(Found found) {
      held = found.held();
      due = found.due();
    }

    @Override
    public Held held(Connection connection, ClaimRequest request) {
      return held;
    }

    @Override
    public boolean isLive(Connection connection, ClaimRequest request) throws SQLException {
      return MySqlClaims.this.isLive(connection, request);
    }

    @Override
    public List<Candidate> lockDue(Connection connection, ClaimRequest request, Held paused)
        throws SQLException {
      Set<Place> places = due == null ? look(connection, request).due() : due;
      due = null;
      return MySqlClaims.this.lockDue(connection, request, paused, places);
    }

    @Override
    public List<LeasedJob> start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
        throws SQLException {
      return MySqlClaims.this.start(connection, request, jobs);
    }
  }
}
