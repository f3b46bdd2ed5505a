package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoredSchedule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The recurring jobs, a row each. A step locks its row, looks at the revision, and passes over what
 * others have locked: they are taking the same step.
 */
final class JdbcSchedules implements ScheduleStore {

  private static final String SELECT =
      """
      SELECT s.*, {now} AS as_of,
             (SELECT COUNT(*) FROM {p}job j WHERE j.id = s.last_job) AS run_under_way,
             COALESCE((SELECT h.finished_at FROM {p}history h WHERE h.id = s.last_job),
                      (SELECT d.finished_at FROM {p}dead d WHERE d.id = s.last_job)) AS run_ended_at
        FROM {p}schedule s
      """;

  /** A step that is taken: where its jobs are among all. */
  private record Taken(ScheduleFiring firing, @Nullable JobId lastRun, int from) {}

  private final Transactions transactions;
  private final Inserts inserts;
  private final Command now;
  private final Command find;
  private final Command first;
  private final Command after;
  private final Command due;
  private final Command insert;
  private final Command change;
  private final Command delete;
  private final Command pause;
  private final Command resume;
  private final Command lock;
  private final Command lockForStep;
  private final Command move;

  JdbcSchedules(Transactions transactions, Sql sql, Inserts inserts) {
    this.transactions = transactions;
    this.inserts = inserts;
    now = sql.command("SELECT {now} AS as_of");
    find = sql.command(SELECT + " WHERE s.name = ?");
    first = sql.command(SELECT + " ORDER BY s.name LIMIT ?");
    after = sql.command(SELECT + " WHERE s.name > ? ORDER BY s.name LIMIT ?");
    due = sql.command(SELECT + " WHERE s.look_at <= {now} ORDER BY s.look_at, s.name LIMIT ?");
    insert =
        sql.command(
            """
            INSERT INTO {p}schedule (spec, zone, misfire, overlap, jitter_micros, description,
                in_code, type, type_version, queue, priority, expires_micros, max_attempts,
                tenant, line_key, line_skip, tags, limits, headers, codec, payload, next_firing, look_at, waiting, last_firing,
                revision, name)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
    change =
        sql.command(
            """
            UPDATE {p}schedule
               SET spec = ?, zone = ?, misfire = ?, overlap = ?, jitter_micros = ?,
                   description = ?, in_code = ?, type = ?, type_version = ?, queue = ?,
                   priority = ?, expires_micros = ?, max_attempts = ?, tenant = ?, line_key = ?,
                   line_skip = ?, tags = ?, limits = ?, headers = ?, codec = ?, payload = ?, next_firing = ?, look_at = ?,
                   waiting = ?, last_firing = ?, revision = revision + 1
             WHERE name = ?
            """);
    delete = sql.command("DELETE FROM {p}schedule WHERE name = ?");
    pause =
        sql.command(
            """
            UPDATE {p}schedule
               SET paused_by = ?, paused_why = ?, paused_until = ?, look_at = ?,
                   revision = revision + 1
             WHERE name = ?
            """);
    resume =
        sql.command(
            """
            UPDATE {p}schedule
               SET paused_until = {now}, look_at = {now}, revision = revision + 1
             WHERE name = ? AND paused_by IS NOT NULL
               AND (paused_until IS NULL OR paused_until > {now})
            """);
    lock = sql.command("SELECT name FROM {p}schedule WHERE name = ? FOR UPDATE");
    lockForStep =
        sql.command(
            """
            SELECT name, revision, last_job FROM {p}schedule {use PRIMARY}
             WHERE name = ANY (?)
             ORDER BY name
               FOR UPDATE SKIP LOCKED
            """);
    move =
        sql.command(
            """
            UPDATE {p}schedule
               SET next_firing = ?, look_at = ?, waiting = ?, last_firing = ?, last_job = ?,
                   paused_by = NULL, paused_why = NULL, paused_until = NULL,
                   revision = revision + 1
             WHERE name = ?
            """);
  }

  @Override
  public StoredSchedule save(
      ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
    inserts.check(List.of(definition.job()));
    try {
      return transactions.meeting(
          "Saving a recurring job", connection -> save(connection, definition, next));
    } catch (StoreException e) {
      if (e.getCause() instanceof SQLException cause && SqlErrors.isBadValue(cause)) {
        throw new InvalidJobException("A value does not fit its column: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private StoredSchedule save(
      Connection connection,
      ScheduleDefinition definition,
      Function<Instant, Optional<Instant>> next)
      throws SQLException {
    String name = definition.name();
    lock.on(connection).text(name).list(row -> row.text("name"));
    StoredSchedule stored = one(connection, name).orElse(null);
    if (stored != null && stored.definition().equals(definition)) {
      return stored;
    }
    if (stored != null) {
      SchedulePosition position = position(stored, definition, next);
      ScheduleRows.bind(ScheduleRows.bind(change.on(connection), definition), position)
          .text(name)
          .update();
    } else {
      Instant asOf = now.on(connection).list(row -> row.instant("as_of")).get(0);
      SchedulePosition position = SchedulePosition.before(next.apply(asOf).orElse(null), null);
      ScheduleRows.bind(ScheduleRows.bind(insert.on(connection), definition), position)
          .number(ChronoUnit.MICROS.between(Instant.EPOCH, asOf)) // never a revision of old
          .text(name)
          .update();
    }
    return one(connection, name).orElseThrow();
  }

  private static SchedulePosition position(
      StoredSchedule stored,
      ScheduleDefinition definition,
      Function<Instant, Optional<Instant>> next) {
    if (stored.definition().firesLike(definition)) {
      return stored.position();
    }
    Instant firing = next.apply(stored.asOf()).orElse(null);
    SchedulePause pause = stored.pause();
    return new SchedulePosition(
        firing, pause == null ? firing : pause.end(), null, stored.position().lastFiring());
  }

  private Optional<StoredSchedule> one(Connection connection, String name) throws SQLException {
    return find.on(connection).text(name).first(ScheduleRows::read);
  }

  @Override
  public Optional<StoredSchedule> find(String name) {
    return transactions.read("Finding a recurring job", connection -> one(connection, name));
  }

  @Override
  public List<StoredSchedule> list(@Nullable String behind, int limit) {
    return transactions.read(
        "Listing recurring jobs",
        connection ->
            (behind == null ? first.on(connection) : after.on(connection).text(behind))
                .number(limit)
                .list(ScheduleRows::read));
  }

  @Override
  public boolean delete(String name) {
    return transactions.statement(
            "Deleting a recurring job", connection -> delete.on(connection).text(name).update())
        > 0;
  }

  @Override
  public boolean pause(String name, SchedulePause wanted) {
    return transactions.statement(
            "Pausing a recurring job",
            connection ->
                pause
                    .on(connection)
                    .text(wanted.by())
                    .text(wanted.why())
                    .instantOrNull(wanted.end())
                    .instantOrNull(wanted.end())
                    .text(name)
                    .update())
        > 0;
  }

  @Override
  public boolean resume(String name) {
    return transactions.statement(
            "Resuming a recurring job", connection -> resume.on(connection).text(name).update())
        > 0;
  }

  @Override
  public List<StoredSchedule> due(int limit) {
    return transactions.read(
        "Looking for due recurring jobs",
        connection -> due.on(connection).number(limit).list(ScheduleRows::read));
  }

  @Override
  public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
    inserts.check(firings.stream().flatMap(firing -> firing.jobs().stream()).toList());
    try {
      return transactions.transaction(
          "Firing recurring jobs", connection -> fire(connection, firings));
    } catch (StoreException e) {
      throw e.getCause() instanceof SQLException sql && SqlErrors.isBadValue(sql)
          ? new InvalidJobException("A value does not fit its column: " + sql.getMessage(), e)
          : e;
    }
  }

  private Map<String, List<Enqueued>> fire(Connection connection, List<ScheduleFiring> firings)
      throws SQLException {
    List<NewJob> jobs = new ArrayList<>();
    List<Taken> taken = lock(connection, firings, jobs);
    List<Enqueued> answers = inserts.insert(connection, jobs);
    move.batch(connection, taken, (call, one) -> bind(call, one, answers));
    Map<String, List<Enqueued>> told = new LinkedHashMap<>();
    for (Taken one : taken) {
      int to = one.from() + one.firing().jobs().size();
      told.put(one.firing().name(), List.copyOf(answers.subList(one.from(), to)));
    }
    return told;
  }

  /** Gathers the steps whose revision still holds, and their jobs. */
  private List<Taken> lock(Connection connection, List<ScheduleFiring> firings, List<NewJob> jobs)
      throws SQLException {
    Map<String, ScheduleFiring> wanted = new HashMap<>();
    firings.forEach(firing -> wanted.put(firing.name(), firing));
    List<Taken> taken = new ArrayList<>();
    lockForStep
        .on(connection)
        .texts(new TreeSet<>(wanted.keySet()))
        .each(
            row -> {
              ScheduleFiring firing = wanted.get(row.text("name"));
              if (firing != null && firing.revision() == row.number("revision")) {
                UUID last = row.idOrNull("last_job");
                taken.add(new Taken(firing, last == null ? null : new JobId(last), jobs.size()));
                jobs.addAll(firing.jobs());
              }
            });
    return taken;
  }

  private static void bind(Call call, Taken taken, List<Enqueued> answers) {
    ScheduleFiring firing = taken.firing();
    SchedulePosition to = firing.then();
    JobId run = taken.lastRun();
    if (!firing.jobs().isEmpty()) {
      int last = firing.jobs().size() - 1;
      run = answers.get(taken.from() + last).id();
      SchedulePosition ifHeld = firing.ifHeld();
      if (ifHeld != null && !run.equals(firing.jobs().get(last).id())) {
        to = ifHeld;
      }
    }
    ScheduleRows.bind(call, to).idOrNull(run == null ? null : run.value()).text(firing.name());
  }
}
