package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The claim in one transaction of several statements. The engine's row is locked, which makes a
 * fence wait for this claim. Level by level, due jobs are looked for along the index, locked by key
 * if nobody else has them, and updated by key.
 *
 * <p>Looking and locking are two statements because H2 gives up the order of its index for FOR
 * UPDATE: it would lock every due job before it counts to the limit.
 */
final class H2Claims implements Claims, ClaimSteps {

  private static final int NORMAL = 0;
  private static final int SUSPECT = 1;

  private final Transactions transactions;
  private final SteppedClaims stepped;
  private final Command engine;
  private final Command paused;
  private final Command due;
  private final Command lock;
  private final Command start;

  H2Claims(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    stepped = new SteppedClaims(sql);
    engine = sql.command("SELECT id FROM {p}engine WHERE id = ? AND state = 'LIVE' FOR UPDATE");
    paused = sql.command("SELECT scope, name" + Held.FROM);
    due =
        sql.command(
            """
            SELECT id FROM {p}job
             WHERE queue = ? AND lane = ? AND priority = ? AND run_at <= {now} AND type = ANY (?)
               AND (type_version = 1 OR type || '#' || type_version = ANY (?))
               AND (expires_at IS NULL OR expires_at > {now})
               AND (tenant = ANY (?)) IS NOT TRUE
             ORDER BY queue, lane, priority, run_at, id
             LIMIT ? OFFSET ?
            """);
    lock =
        sql.command(
            """
            SELECT %s
              FROM {p}job
             WHERE id = ANY (?) AND queue = ? AND lane = ? AND run_at <= {now} AND type = ANY (?)
               AND (type_version = 1 OR type || '#' || type_version = ANY (?))
               AND (expires_at IS NULL OR expires_at > {now})
               AND (tenant = ANY (?)) IS NOT TRUE
               FOR UPDATE SKIP LOCKED
            """
                .formatted(Candidate.COLUMNS));
    start =
        sql.command(
            """
            UPDATE {p}job
               SET state = 'RUNNING', engine = ?, claim_id = ?, block_reason = NULL,
                   blocked_on = NULL, token = token + 1, attempt = attempt + 1
             WHERE id = ? AND token = ? AND state = 'PENDING'
            """);
  }

  /** The statement that looks for due jobs, for its plan. */
  String statement() {
    return due.text(List.of(1));
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return stepped.claim(transactions, request, this);
  }

  @Override
  public Optional<Duration> opensIn(JobQueue queue) {
    return stepped.opensIn(transactions, queue);
  }

  @Override
  public boolean hasMetLimits() {
    return stepped.hasMetLimits();
  }

  @Override
  public boolean isLive(Connection connection, ClaimRequest request) throws SQLException {
    return !engine.on(connection).id(request.engine().value()).findIds().isEmpty();
  }

  @Override
  public Held held(Connection connection, ClaimRequest request) throws SQLException {
    Held held = new Held();
    paused.on(connection).text(request.queue().name()).id(request.engine().value()).each(held::add);
    return held;
  }

  /** At each level the one suspect comes before or behind the others as it was due. */
  @Override
  public List<Candidate> lockDue(Connection connection, ClaimRequest request, Held held)
      throws SQLException {
    List<Candidate> locked = new ArrayList<>();
    boolean suspect = request.suspect();
    for (Priority level : Priority.values()) {
      int wanted = request.limit() - locked.size();
      if (wanted == 0) {
        break;
      }
      List<Candidate> ofLevel = lockLane(connection, request, held, NORMAL, level, wanted);
      if (suspect) {
        ofLevel.addAll(lockLane(connection, request, held, SUSPECT, level, 1));
      }
      ofLevel.sort(Candidate.IN_ORDER);
      locked.addAll(ofLevel.subList(0, Math.min(wanted, ofLevel.size())));
      suspect &= locked.stream().noneMatch(candidate -> candidate.job().suspect());
    }
    return locked;
  }

  /** Goes on behind what others hold until enough are locked or no more are due. */
  private List<Candidate> lockLane(
      Connection connection, ClaimRequest request, Held held, int lane, Priority level, int wanted)
      throws SQLException {
    List<Candidate> locked = new ArrayList<>();
    int seen = 0;
    while (locked.size() < wanted) {
      int missing = wanted - locked.size();
      Set<UUID> found = findDue(connection, request, held, lane, level, missing, seen);
      if (found.isEmpty()) {
        break;
      }
      seen += found.size();
      locked.addAll(lock(connection, request, held, found, lane));
    }
    return locked;
  }

  private Set<UUID> findDue(
      Connection connection,
      ClaimRequest request,
      Held held,
      int lane,
      Priority level,
      int limit,
      int offset)
      throws SQLException {
    return due.on(connection)
        .text(request.queue().name())
        .number(lane)
        .number(level.level())
        .texts(Kinds.names(request))
        .texts(Kinds.laterVersions(request))
        .texts(held.tenants())
        .number(limit)
        .number(offset)
        .findIds();
  }

  /** What was found may have been replaced by a job of another queue or kind meanwhile. */
  private List<Candidate> lock(
      Connection connection, ClaimRequest request, Held held, Set<UUID> ids, int lane)
      throws SQLException {
    return lock.on(connection)
        .ids(ids)
        .text(request.queue().name())
        .number(lane)
        .texts(Kinds.names(request))
        .texts(Kinds.laterVersions(request))
        .texts(held.tenants())
        .list(Candidate::locked);
  }

  /**
   * A lock may show a row as it was before another claim that is just being committed, seen on H2
   * 2.4; an update sees what there is.
   */
  @Override
  public List<LeasedJob> start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
      throws SQLException {
    List<LeasedJob> started = new ArrayList<>();
    for (LeasedJob job : jobs) {
      int updated =
          start
              .on(connection)
              .id(request.engine().value())
              .id(request.claimId())
              .id(job.id().value())
              .number(((TokenLease) job.lease()).token() - 1)
              .update();
      if (updated == 1) {
        started.add(job);
      }
    }
    return started;
  }
}
