package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.LimitKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a claim and a settlement do with the keys of limits. Whoever counts permits, takes some or
 * gives them back has locked the row of the key, in order of keys and behind the rows of jobs; so a
 * permit that is given back while a claim counts is seen by that claim, or finds what it has left
 * waiting.
 */
final class Limits {

  private static final int PRUNED_KEYS = 1_000;

  private final Command open;
  private final Command opens;
  private final Command lock;
  private final Command tryLock;
  private final Command insertKey;
  private final Command known;
  private final Command read;
  private final Command setMark;
  private final Command insertUse;
  private final Command deleteUses;
  private final Command wake;
  private final Command block;
  private final Command setWait;
  private final Command insertWait;
  private final Command deleteWait;
  private final Command isWaitedFor;
  private final Command idle;
  private final Command stillIdle;
  private final Command deleteKeys;
  private final Command now;

  Limits(Sql sql) {
    open =
        sql.command(
            """
            SELECT limit_key FROM {p}limit_wait WHERE queue = ? AND opens_at <= {now}
             ORDER BY opens_at LIMIT ?
            """);
    opens =
        sql.command(
            """
            SELECT MIN(opens_at) AS opens_at, {now} AS as_of FROM {p}limit_wait
             WHERE queue = ?
            """);
    String lockKeys =
        """
        SELECT limit_key FROM {p}limit_key {use PRIMARY} WHERE limit_key = ANY (?)
         ORDER BY limit_key {lock}""";
    lock = sql.command(lockKeys);
    tryLock = sql.command(lockKeys + " SKIP LOCKED");
    known = sql.command("SELECT limit_key FROM {p}limit_key WHERE limit_key = ANY (?)");
    insertKey = sql.command("INSERT INTO {p}limit_key (limit_key, name) VALUES (?, ?)");
    read =
        sql.command(
            """
            SELECT k.limit_key, k.mark, k.name, r.running, r.starts, r.per_micros, r.burst,
                   {now} AS as_of,
                   (SELECT COUNT(*) FROM {p}limit_use u JOIN {p}job j ON j.id = u.job_id
                     WHERE u.limit_key = k.limit_key AND j.token = u.token
                       AND j.state = 'RUNNING') AS jobs
              FROM {p}limit_key k LEFT JOIN {p}limit_rule r ON r.name = k.name
             WHERE k.limit_key = ANY (?)
            """);
    setMark = sql.command("UPDATE {p}limit_key SET mark = ? WHERE limit_key = ?");
    insertUse = sql.command("INSERT INTO {p}limit_use (limit_key, job_id, token) VALUES (?, ?, ?)");
    deleteUses = sql.command("DELETE FROM {p}limit_use WHERE job_id = ANY (?)");
    wake =
        sql.command(
            """
            UPDATE {p}limit_wait {use PRIMARY} SET opens_at = {now}
             WHERE limit_key = ANY (?) AND opens_at IS NULL
            """);
    block =
        sql.command(
            """
            UPDATE {p}job {use PRIMARY} SET block_reason = 'LIMIT', blocked_on = ?
             WHERE id = ANY (?) AND state = 'PENDING'
            """);
    setWait =
        sql.command("UPDATE {p}limit_wait SET opens_at = ? WHERE limit_key = ? AND queue = ?");
    insertWait =
        sql.command("INSERT INTO {p}limit_wait (opens_at, limit_key, queue) VALUES (?, ?, ?)");
    deleteWait = sql.command("DELETE FROM {p}limit_wait WHERE limit_key = ? AND queue = ?");
    isWaitedFor = sql.command("SELECT id FROM {p}job WHERE blocked_on = ? AND queue = ? LIMIT 1");
    idle =
        sql.command(
            """
            SELECT k.limit_key FROM {p}limit_key k
             WHERE (k.mark IS NULL OR k.mark < ?)
               AND NOT EXISTS (SELECT 1 FROM {p}limit_use u WHERE u.limit_key = k.limit_key)
               AND NOT EXISTS (SELECT 1 FROM {p}limit_wait w WHERE w.limit_key = k.limit_key)
             LIMIT ?
            """);
    stillIdle =
        sql.command(
            """
            SELECT k.limit_key FROM {p}limit_key k
             WHERE k.limit_key = ANY (?) AND (k.mark IS NULL OR k.mark < ?)
               AND NOT EXISTS (SELECT 1 FROM {p}limit_use u WHERE u.limit_key = k.limit_key)
               AND NOT EXISTS (SELECT 1 FROM {p}limit_wait w WHERE w.limit_key = k.limit_key)
            """);
    deleteKeys = sql.command("DELETE FROM {p}limit_key WHERE limit_key = ANY (?)");
    now = sql.command("SELECT {now} AS as_of");
  }

  /** The keys that due jobs of a queue wait for and that may be open now, at most so many. */
  Set<LimitKey> open(Connection connection, String queue, int most) throws SQLException {
    return new TreeSet<>(open.on(connection).text(queue).number(most).list(Limits::key));
  }

  /** In how long one of them may open by itself, or has since a claim has looked. */
  Optional<Duration> opensIn(Connection connection, String queue) throws SQLException {
    return opens
        .on(connection)
        .text(queue)
        .first(
            row -> {
              Instant opensAt = row.instantOrNull("opens_at");
              return opensAt == null
                  ? Optional.<Duration>empty()
                  : Optional.of(left(row.instant("as_of"), opensAt));
            })
        .flatMap(time -> time);
  }

  private static Duration left(Instant now, Instant time) {
    return time.isBefore(now) ? Duration.ZERO : Duration.between(now, time);
  }

  /**
   * Locks keys in order, and makes the rows of those that have none; without waiting for the locks
   * of others if {@code patient} is false, and then only what was to be had is returned.
   */
  Map<LimitKey, Permits> lock(Connection connection, Set<LimitKey> keys, boolean patient)
      throws SQLException {
    Set<String> missing = texts(keys);
    Set<String> locked = new TreeSet<>();
    Call call = (patient ? lock : tryLock).on(connection).texts(missing);
    call.each(row -> locked.add(row.text("limit_key")));
    missing.removeAll(locked);
    if (!patient && !missing.isEmpty()) {
      known.on(connection).texts(missing).each(row -> missing.remove(row.text("limit_key")));
    }
    if (!missing.isEmpty()) {
      insertKey.batch(
          connection, missing, (add, key) -> add.text(key).text(LimitKey.parse(key).limit()));
      locked.addAll(missing);
    }
    return locked.isEmpty() ? Map.of() : read(connection, locked);
  }

  /** How keys stand that somebody has met; without a lock, so it may be outdated at once. */
  Map<LimitKey, Permits> look(Connection connection, Set<LimitKey> keys) throws SQLException {
    return keys.isEmpty() ? Map.of() : read(connection, texts(keys));
  }

  /** After the locks: what others have committed before they gave them up is seen. */
  private Map<LimitKey, Permits> read(Connection connection, Set<String> keys) throws SQLException {
    Map<LimitKey, Permits> permits = new TreeMap<>();
    read.on(connection)
        .texts(keys)
        .each(
            row -> {
              Long mark = row.numberOrNull("mark");
              permits.put(
                  key(row),
                  new Permits(
                      JdbcLimits.limit(row),
                      row.integer("jobs"),
                      mark == null ? Long.MIN_VALUE : mark,
                      micros(row.instant("as_of"))));
            });
    return permits;
  }

  private static Set<String> texts(Set<LimitKey> keys) {
    return keys.stream().map(LimitKey::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  private long now(Connection connection) throws SQLException {
    return now.on(connection).first(row -> micros(row.instant("as_of"))).orElseThrow();
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Notes which permits these jobs have taken. */
  void use(Connection connection, List<Candidate> jobs) throws SQLException {
    record Use(LimitKey key, UUID job, long token) {}
    List<Use> uses =
        jobs.stream()
            .flatMap(
                taken ->
                    taken.limits().stream()
                        .map(
                            key ->
                                new Use(
                                    key,
                                    taken.job().id().value(),
                                    taken.job().fencingToken().orElseThrow())))
            .toList();
    if (uses.isEmpty()) {
      return;
    }
    deleteUses.delete(
        connection, uses.stream().map(Use::job).collect(Collectors.toSet()), Call::ids);
    insertUse.batch(
        connection,
        uses,
        (call, use) -> call.text(use.key().toString()).id(use.job()).number(use.token()));
  }

  /** Writes how far the rates of these keys have come. */
  void mark(Connection connection, Map<LimitKey, Permits> keys) throws SQLException {
    Map<LimitKey, Long> marks = new TreeMap<>();
    keys.forEach(
        (key, permits) -> {
          Long mark = permits.newMark();
          if (mark != null) {
            marks.put(key, mark);
          }
        });
    setMark.batch(
        connection,
        marks.entrySet(),
        (call, mark) -> call.number(mark.getValue()).text(mark.getKey().toString()));
  }

  /** Lets jobs that this transaction has locked wait for keys. */
  void block(Connection connection, Map<LimitKey, List<UUID>> jobs) throws SQLException {
    for (Map.Entry<LimitKey, List<UUID>> waiting : jobs.entrySet()) {
      block.on(connection).text(waiting.getKey().toString()).ids(waiting.getValue()).update();
    }
  }

  /** Whether any job of a queue waits for a key, due or not. */
  boolean isWaitedFor(Connection connection, LimitKey key, String queue) throws SQLException {
    return !isWaitedFor.on(connection).text(key.toString()).text(queue).findIds().isEmpty();
  }

  /** Says from when on claims from a queue should look at a key again; null: once a job ends. */
  void wait(Connection connection, LimitKey key, String queue, @Nullable Instant opensAt)
      throws SQLException {
    int known =
        setWait.on(connection).instantOrNull(opensAt).text(key.toString()).text(queue).update();
    if (known == 0) {
      insertWait.on(connection).instantOrNull(opensAt).text(key.toString()).text(queue).update();
    }
  }

  /** Says that claims from a queue need not look at a key. */
  void waitNoMore(Connection connection, LimitKey key, String queue) throws SQLException {
    deleteWait.on(connection).text(key.toString()).text(queue).update();
  }

  /** Gives back what jobs have taken that run no more: by job, the column of their limits. */
  void release(Connection connection, Map<UUID, String> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    Set<LimitKey> keys = new TreeSet<>();
    jobs.values().forEach(column -> keys.addAll(LimitKeys.read(column)));
    Set<String> texts = texts(keys);
    lock.on(connection).texts(texts).each(row -> {});
    deleteUses.delete(connection, jobs.keySet(), Call::ids);
    wake.on(connection).texts(texts).update();
  }

  /** Deletes keys that nobody uses, waits for or has started by lately. */
  int prune(Connection connection, int limit) throws SQLException {
    long asOf = now(connection);
    Set<String> keys = new TreeSet<>();
    idle.on(connection)
        .number(asOf)
        .number(Math.min(limit, PRUNED_KEYS))
        .each(row -> keys.add(row.text("limit_key")));
    if (keys.isEmpty()) {
      return 0;
    }
    Set<String> locked = new TreeSet<>();
    tryLock.on(connection).texts(keys).each(row -> locked.add(row.text("limit_key")));
    Set<String> still = new TreeSet<>(); // a claim may have used one before it was locked
    if (!locked.isEmpty()) {
      stillIdle
          .on(connection)
          .texts(locked)
          .number(asOf)
          .each(row -> still.add(row.text("limit_key")));
    }
    deleteKeys.delete(connection, still, Call::texts);
    return still.size();
  }

  private static LimitKey key(Row row) throws SQLException {
    return LimitKey.parse(row.text("limit_key"));
  }
}
