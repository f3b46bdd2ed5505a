package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at one job: what it is, and how it stands in the eyes of a claim. */
final class Looks {

  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  private final JdbcPauses pauses;
  private final Limits limits;
  private final Command find;
  private final Command now;
  private final Command parents;
  private final Command head;
  private final Command ahead;
  private final Command engines;
  private final Command running;
  private final Command holder;
  private final Command tryLock;
  private final Command pending;

  Looks(Sql sql, JdbcPauses pauses, Limits limits) {
    this.pauses = pauses;
    this.limits = limits;
    find =
        sql.command(
            """
            SELECT j.*, a.error_class, a.error_message, a.error_stack
              FROM (
                SELECT id, type, queue, 'DEAD' AS state, priority, attempt, crashes, token, run_at,
                       created_at, finished_at, NULL AS expires_at, tenant, type_version, line_key,
                       line_skip, limits, tags, NULL AS block_reason, suspect, FALSE AS cancel_requested,
                       reason
                  FROM {p}dead WHERE id = ?
                UNION ALL
                SELECT id, type, queue, state, priority, attempt, crashes, token, run_at,
                       created_at, NULL, expires_at, tenant, type_version, line_key,
                       line_skip, limits, tags, block_reason, suspect, cancel_requested, NULL
                  FROM {p}job WHERE id = ?
                UNION ALL
                SELECT id, type, queue, state, priority, attempt, crashes, token, run_at,
                       created_at, finished_at, NULL, tenant, type_version, line_key,
                       line_skip, limits, tags, NULL, suspect, FALSE, NULL
                  FROM {p}history WHERE id = ?) j
              LEFT JOIN (
                SELECT job_id, token, error_class, error_message, error_stack
                  FROM {p}attempt WHERE job_id = ? AND error_class IS NOT NULL
                UNION ALL
                SELECT id, token + 1, error_class, error_message, error_stack
                  FROM {p}dead WHERE id = ?) a
                ON a.job_id = j.id
             ORDER BY a.token DESC
             LIMIT 1
            """);
    now = sql.command("SELECT {now} AS as_of");
    parents =
        sql.command(
            """
            SELECT w.parent_id AS job_id, d.id AS dead_id
              FROM {p}wait w LEFT JOIN {p}dead d ON d.id = w.parent_id
             WHERE w.child_id = ?
             ORDER BY CASE WHEN d.id IS NULL THEN 1 ELSE 0 END, w.parent_id
             LIMIT ?
            """);
    head =
        sql.command(
            """
            SELECT p.job_id, d.id AS dead_id
              FROM {p}place p LEFT JOIN {p}dead d ON d.id = p.job_id
             WHERE p.line_key = ?
             ORDER BY p.line_key, p.place_number
             LIMIT 1
            """);
    List<String> levels = new ArrayList<>();
    for (Priority level : Priority.values()) {
      levels.add(aheadAt(level));
    }
    ahead =
        sql.command(
            "SELECT COUNT(*) AS jobs FROM (SELECT id FROM ("
                + String.join(" UNION ALL ", levels)
                + ") every_level LIMIT "
                + Standing.MOST
                + ") counted");
    engines =
        sql.command(
            """
            SELECT id, name, version, lease_micros, queues, types FROM {p}engine
             WHERE state = 'LIVE' AND expires_at > {now} ORDER BY name, id
            """);
    running =
        sql.command(
            """
            SELECT {holder} AS engine, COUNT(CASE WHEN j.queue = ? THEN 1 END) AS jobs,
                   COUNT(CASE WHEN j.suspect THEN 1 END) AS suspects
              FROM {held}
             WHERE {holder} = ANY (?) AND j.state = 'RUNNING' GROUP BY {holder}
            """);
    holder = sql.command("SELECT engine FROM {p}job WHERE id = ? AND state = 'RUNNING'");
    String itself = "SELECT id FROM {p}job {use PRIMARY} WHERE id = ? AND state = 'PENDING'";
    tryLock = sql.command(itself + " {lock} SKIP LOCKED");
    pending = sql.command(itself);
  }

  private static String aheadAt(Priority level) {
    return """
        (SELECT id FROM {p}job {use job_claim}
          WHERE queue = ? AND {claimable} AND priority = %d AND run_at <= {now}
            AND run_at <= ? AND (run_at < ? OR id < ?)
            AND type = ANY (?) AND (type_version = 1 OR {type_version} = ANY (?))
            AND (expires_at IS NULL OR expires_at > {now})
            AND (tenant = ANY (?)) IS NOT TRUE
          LIMIT %d)
        """
        .formatted(level.level(), Standing.MOST);
  }

  Optional<Job> find(Connection connection, JobId id) throws SQLException {
    Call call = find.on(connection);
    for (int i = 1; i <= 5; i++) {
      call.id(id.value());
    }
    return call.first(Looks::job);
  }

  /** See {@link dev.jobs4j.spi.JobRecords#standing}. */
  Optional<Standing> standing(Connection connection, JobId id) throws SQLException {
    Optional<Job> found = find(connection, id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Job job = found.get();
    boolean isPending = job.state() == JobState.PENDING;
    List<Pause> paused = pauses.list(connection);
    List<LiveEngine> live = engines(connection, job);
    return Optional.of(
        new Standing(
            job,
            now.on(connection).first(row -> row.instant("as_of")).orElseThrow(),
            isPending ? waits(connection, job) : Standing.Waits.NOTHING,
            isPending ? ahead(connection, job, Standing.wanted(job, live, paused), paused) : 0,
            paused,
            live));
  }

  private Standing.Waits waits(Connection connection, Job job) throws SQLException {
    UUID id = job.id().value();
    List<Other> waited = parents.on(connection).id(id).number(Standing.PARENTS).list(Other::of);
    Other first =
        job.fifo().isEmpty()
            ? null
            : head.on(connection).text(job.fifo().get().key()).first(Other::of).orElse(null);
    Other before = first == null || first.job().equals(job.id()) ? null : first;
    Set<JobId> dead = new HashSet<>();
    Stream.concat(waited.stream(), Stream.ofNullable(before))
        .filter(Other::dead)
        .forEach(other -> dead.add(other.job()));
    LimitKey shut = null;
    Instant opensAt = null;
    for (Map.Entry<LimitKey, Permits> key : limits.look(connection, job.limits()).entrySet()) {
      Permits permits = key.getValue();
      if (shut == null && !permits.isOpen()) {
        shut = key.getKey();
        opensAt =
            permits.isFull() ? null : Instant.EPOCH.plus(permits.opensAt(), ChronoUnit.MICROS);
      }
    }
    return new Standing.Waits(
        waited.stream().map(Other::job).toList(),
        before == null ? null : before.job(),
        dead,
        shut,
        opensAt);
  }

  /** A job that keeps another. */
  private record Other(JobId job, boolean dead) {
    static Other of(Row row) throws SQLException {
      return new Other(new JobId(row.id("job_id")), row.idOrNull("dead_id") != null);
    }
  }

  private int ahead(Connection connection, Job job, Map<String, Integer> types, List<Pause> paused)
      throws SQLException {
    List<String> tenants =
        paused.stream()
            .map(Pause::target)
            .filter(target -> target.scope() == Pause.Scope.TENANT)
            .map(Pause.Target::name)
            .toList();
    Call call = ahead.on(connection);
    for (Priority level : Priority.values()) {
      int order = level.compareTo(job.priority());
      Instant bound = order == 0 ? job.runAt() : order < 0 ? NEVER : Instant.EPOCH;
      call.text(job.queue().name())
          .instantOrNull(bound)
          .instantOrNull(bound)
          .id(job.id().value())
          .texts(types.keySet())
          .texts(Kinds.laterVersions(types))
          .texts(tenants);
    }
    return call.first(row -> row.integer("jobs")).orElse(0);
  }

  private List<LiveEngine> engines(Connection connection, Job job) throws SQLException {
    List<EngineInfo> live = engines.on(connection).list(Looks::engine);
    if (live.isEmpty()) {
      return List.of();
    }
    Map<UUID, Integer> jobs = new HashMap<>();
    Map<UUID, Integer> suspects = new HashMap<>();
    running
        .on(connection)
        .text(job.queue().name())
        .ids(live.stream().map(engine -> engine.id().value()).toList())
        .each(
            row -> {
              jobs.put(row.id("engine"), row.integer("jobs"));
              suspects.put(row.id("engine"), row.integer("suspects"));
            });
    Set<UUID> holders =
        new HashSet<>(holder.on(connection).id(job.id().value()).list(row -> row.id("engine")));
    return live.stream()
        .map(
            engine ->
                new LiveEngine(
                    engine,
                    jobs.getOrDefault(engine.id().value(), 0),
                    suspects.getOrDefault(engine.id().value(), 0),
                    holders.contains(engine.id().value())))
        .toList();
  }

  private static EngineInfo engine(Row row) throws SQLException {
    Map<JobQueue, Integer> queues = new HashMap<>();
    NamedNumbers.read(row.text("queues"))
        .forEach((name, places) -> queues.put(new JobQueue(name), places));
    return new EngineInfo(
        new EngineId(row.id("id")),
        row.text("name"),
        row.text("version"),
        Duration.of(row.number("lease_micros"), ChronoUnit.MICROS),
        queues,
        NamedNumbers.read(row.text("types")));
  }

  /** See {@link dev.jobs4j.spi.JobRecords#isLocked}. */
  boolean isLocked(Connection connection, JobId id) throws SQLException {
    return tryLock.on(connection).id(id.value()).findIds().isEmpty()
        && !pending.on(connection).id(id.value()).findIds().isEmpty();
  }

  /** Of both, the parents are told first: who is the first of a line waits for them there. */
  private static @Nullable BlockReason blockReason(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return text.equals("BOTH") ? BlockReason.PARENTS : BlockReason.valueOf(text);
  }

  private static Job job(Row row) throws SQLException {
    String reason = row.textOrNull("reason");
    JobState state = JobState.valueOf(row.text("state"));
    String blocked = state == JobState.PENDING ? row.textOrNull("block_reason") : null;
    return Job.builder(row.jobId(), row.text("type"), new JobQueue(row.text("queue")), state)
        .priority(Priority.ofLevel(row.integer("priority")))
        .counts(row.integer("attempt"), row.integer("crashes"), row.number("token"))
        .times(row.instant("run_at"), row.instant("created_at"), row.instantOrNull("finished_at"))
        .expiresAt(row.instantOrNull("expires_at"))
        .tenant(row.textOrNull("tenant"))
        .typeVersion(row.integer("type_version"))
        .fifo(row.fifo())
        .limits(LimitKeys.read(row.textOrNull("limits")))
        .tags(Tags.read(row.textOrNull("tags")))
        .blockReason(blockReason(blocked))
        .flags(row.flag("suspect"), row.flag("cancel_requested"))
        .failure(reason == null ? null : DeadReason.valueOf(reason), failure(row))
        .build();
  }

  static @Nullable Failure failure(Row row) throws SQLException {
    String errorClass = row.textOrNull("error_class");
    return errorClass == null
        ? null
        : new Failure(errorClass, row.text("error_message"), row.text("error_stack"));
  }
}
