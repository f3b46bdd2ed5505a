package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.BlockedLine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who stands in which line. A line has a row, which is its lock and counts those who stand in it,
 * and each of them has a place with a number taken under that lock: pending and running jobs, and
 * dead ones that block. Only the first is claimable. Both rows and places go as they empty.
 *
 * <p>Locks are taken in one order: jobs, then unique keys, then lines in the order of their keys,
 * all at once. So the job that will be the first is locked before the line is, by a look that may
 * be outdated; if the line then shows another one, that is locked only if nobody has it, and else
 * the transaction starts anew: waiting for it could be waiting for each other.
 */
final class Lines {

  /** A new job and the line whose end it goes to. */
  record Joining(UUID job, String line) {}

  /** A place in a line. */
  private record Place(String line, long number, UUID job) {}

  /**
   * A line under its lock.
   *
   * @param last the number that was given last
   * @param standing how many stand in it
   */
  record State(String line, long last, long standing) {
    static State of(Row row) throws SQLException {
      return new State(row.text("line_key"), row.number("last_number"), row.number("standing"));
    }
  }

  private final RowInserts rows;
  private final Notices notices;
  private final Command heads;
  private final Command lockJobs;
  private final Command lockFree;
  private final Command lock;
  private final Command stand;
  private final Command standing;
  private final Command leave;
  private final Command fewer;
  private final Command drop;
  private final Command unblock;
  private final Command placed;
  private final Command blocked;

  Lines(Sql sql, RowInserts rows, Notices notices) {
    this.notices = notices;
    this.rows = rows;
    heads =
        sql.command(
            """
            SELECT j.id
              FROM (
                SELECT l.line_key, (
                         SELECT n.place_number FROM {p}place n
                          WHERE n.line_key = l.line_key AND (n.job_id = ANY (?)) IS NOT TRUE
                          ORDER BY n.line_key, n.place_number LIMIT 1) AS first_number
                  FROM {p}line l WHERE l.line_key = ANY (?)) f
              JOIN {p}place h ON h.line_key = f.line_key AND h.place_number = f.first_number
              JOIN {p}job j ON j.id = h.job_id
             WHERE j.block_reason IN ('FIFO', 'BOTH')
            """);
    String blockedJobs =
        """
        SELECT id FROM {p}job {use PRIMARY}
         WHERE id = ANY (?) AND block_reason IN ('FIFO', 'BOTH')
         ORDER BY id {lock}
        """;
    lockJobs = sql.command(blockedJobs);
    lockFree = sql.command(blockedJobs + " SKIP LOCKED");
    lock =
        sql.command(
            """
            SELECT line_key, last_number, standing FROM {p}line {use PRIMARY}
             WHERE line_key = ANY (?) ORDER BY line_key FOR UPDATE
            """);
    stand = sql.command("INSERT INTO {p}place (line_key, place_number, job_id) VALUES (?, ?, ?)");
    standing =
        sql.command(
            """
            SELECT line_key, COUNT(*) AS jobs FROM {p}place
             WHERE job_id = ANY (?) GROUP BY line_key
            """);
    leave = sql.command("DELETE FROM {p}place WHERE job_id = ANY (?)");
    fewer = sql.command("UPDATE {p}line SET standing = standing - ? WHERE line_key = ?");
    drop = sql.command("DELETE FROM {p}line WHERE line_key = ANY (?) AND standing = 0");
    unblock =
        sql.command(
            """
            UPDATE {p}job
               SET block_reason = CASE WHEN block_reason = 'BOTH' THEN 'PARENTS' END
             WHERE id = ? AND block_reason IN ('FIFO', 'BOTH')
            """);
    placed = sql.command("SELECT job_id FROM {p}place WHERE job_id = ANY (?)");
    blocked =
        sql.command(
            """
            SELECT l.line_key, l.standing, d.id, d.finished_at
              FROM {p}dead d
              JOIN {p}place h ON h.job_id = d.id
              JOIN {p}line l ON l.line_key = h.line_key
             WHERE l.line_key > ?
               AND NOT EXISTS (
                     SELECT 1 FROM {p}place n
                      WHERE n.line_key = h.line_key AND n.place_number < h.place_number)
             ORDER BY l.line_key
             LIMIT ?
            """);
  }

  /**
   * Puts blocked jobs of this transaction at the ends of their lines, in their order, takes those
   * that leave out of theirs, and lets go whoever is the first of a line then.
   *
   * @param leaving jobs that have ended, and the lines in which they stood
   */
  void change(Connection connection, List<Joining> joining, Map<UUID, String> leaving)
      throws SQLException {
    change(connection, joining, leaving, Set.of());
  }

  private void change(
      Connection connection,
      List<Joining> joining,
      Map<UUID, String> leaving,
      Collection<String> looked)
      throws SQLException {
    if (joining.isEmpty() && leaving.isEmpty() && looked.isEmpty()) {
      return;
    }
    Set<String> left = new TreeSet<>(leaving.values());
    left.addAll(looked);
    Set<UUID> ours = new HashSet<>();
    joining.forEach(one -> ours.add(one.job()));
    if (!leaving.isEmpty()) {
      lockJobs(connection, lockJobs, heads(connection, left, leaving.keySet()), ours);
    }
    Map<String, State> states = lock(connection, joining, left);
    leave(connection, leaving.keySet());
    Set<UUID> first = stand(connection, joining, states);
    Set<UUID> next = left.isEmpty() ? Set.of() : heads(connection, left, Set.of());
    lockJobs(connection, lockFree, next, ours);
    if (!ours.containsAll(next)) {
      throw new SQLException("who is next in a line is held by somebody else just now", "40001");
    }
    first.addAll(next);
    unblock.batch(connection, first, (call, job) -> call.id(job));
    notices.released(connection, first);
  }

  private Set<UUID> heads(Connection connection, Set<String> lines, Collection<UUID> leaving)
      throws SQLException {
    return heads.on(connection).ids(leaving).texts(lines).findIds();
  }

  /** Adds those that are locked to {@code ours}. */
  private static void lockJobs(
      Connection connection, Command command, Set<UUID> jobs, Set<UUID> ours) throws SQLException {
    Set<UUID> wanted = new TreeSet<>(jobs);
    wanted.removeAll(ours);
    if (!wanted.isEmpty()) {
      ours.addAll(command.on(connection).ids(wanted).findIds());
    }
  }

  /** Locks all lines in the order of their keys, and takes numbers for those that join. */
  private Map<String, State> lock(Connection connection, List<Joining> joining, Set<String> left)
      throws SQLException {
    SortedMap<String, Integer> counts = new TreeMap<>();
    joining.forEach(one -> counts.merge(one.line(), 1, Integer::sum));
    Map<String, State> states = new HashMap<>();
    if (counts.isEmpty()) {
      lock.on(connection).texts(left).list(State::of);
    } else {
      left.forEach(line -> counts.putIfAbsent(line, 0));
      rows.joinLines(connection, counts).forEach(state -> states.put(state.line(), state));
    }
    return states;
  }

  /** The places may be gone already: only those that are there count. */
  private void leave(Connection connection, Set<UUID> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    SortedMap<String, Long> counts = new TreeMap<>();
    standing
        .on(connection)
        .ids(jobs)
        .each(row -> counts.put(row.text("line_key"), row.number("jobs")));
    leave.delete(connection, jobs, Call::ids);
    fewer.batch(
        connection,
        counts.entrySet(),
        (call, line) -> call.number(line.getValue()).text(line.getKey()));
    drop.delete(connection, counts.keySet(), Call::texts);
  }

  /** Returns those that are the first of a line that was empty. */
  private Set<UUID> stand(Connection connection, List<Joining> joining, Map<String, State> states)
      throws SQLException {
    Map<String, Integer> counts = new HashMap<>();
    joining.forEach(one -> counts.merge(one.line(), 1, Integer::sum));
    Map<String, Integer> before = new HashMap<>();
    List<Place> places = new ArrayList<>();
    Set<UUID> first = new TreeSet<>();
    for (Joining one : joining) {
      State state = states.get(one.line());
      int count = counts.getOrDefault(one.line(), 0);
      if (state == null) {
        throw new SQLException("line was not locked: " + one.line(), "HY000");
      }
      int index = before.merge(one.line(), 1, Integer::sum) - 1;
      places.add(new Place(one.line(), state.last() - count + 1 + index, one.job()));
      if (index == 0 && state.standing() == count) {
        first.add(one.job());
      }
    }
    stand.batch(
        connection,
        places,
        (call, place) -> call.text(place.line()).number(place.number()).id(place.job()));
    return first;
  }

  /**
   * Jobs that live again and are blocked so far: who kept its place stands there, the others go to
   * the ends of their lines in this order; whoever is the first is let go.
   */
  void standAgain(Connection connection, Map<UUID, String> revived) throws SQLException {
    if (revived.isEmpty()) {
      return;
    }
    Set<UUID> kept = placed.on(connection).ids(revived.keySet()).findIds();
    List<Joining> joining = new ArrayList<>();
    Set<String> looked = new TreeSet<>();
    revived.forEach(
        (job, line) -> {
          if (kept.contains(job)) {
            looked.add(line);
          } else {
            joining.add(new Joining(job, line));
          }
        });
    change(connection, joining, Map.of(), looked);
  }

  /** See {@link dev.jobs4j.spi.DeadLetterRecords#blockedLines}. */
  List<BlockedLine> blocked(Connection connection, @Nullable String after, int limit)
      throws SQLException {
    return blocked
        .on(connection)
        .text(after == null ? "" : after)
        .number(limit)
        .list(
            row ->
                new BlockedLine(
                    row.text("line_key"),
                    row.jobId(),
                    row.instant("finished_at"),
                    row.number("standing") - 1));
  }
}
