package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Retention;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Deletes attempts that are too old or too many. Which these are, no index tells; so each call
 * looks at one page of them, in order of their jobs, and the next call goes on where it ended.
 * Attempts only get older and more, so it does not matter that they are read before they are
 * deleted, nor that another engine does the same.
 */
final class AttemptPruning {

  private static final int PAGE = 2_000;
  private static final UUID FIRST = new UUID(0, 0);

  private record Attempt(UUID job, long token, boolean old) {
    static Attempt of(Row row) throws SQLException {
      return new Attempt(row.id("job_id"), row.number("token"), row.flag("is_old"));
    }
  }

  private final Transactions transactions;
  private final Command page;
  private final Command delete;

  /** The first job of the next page. */
  private volatile UUID from = FIRST;

  AttemptPruning(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    page =
        sql.command(
            """
            SELECT job_id, token, ended_at < {now-?} AS is_old FROM {p}attempt {use PRIMARY}
             WHERE job_id >= ? ORDER BY job_id, token LIMIT ?
            """);
    delete = sql.command("DELETE FROM {p}attempt WHERE job_id = ? AND token <= ?");
  }

  /** Deletes at most about {@code limit} attempts of one page; returns how many went. */
  int prune(Retention retention, int limit) {
    int keep = retention.attempts();
    int size = keep == Integer.MAX_VALUE ? PAGE : PAGE + keep;
    UUID start = from;
    List<Attempt> attempts =
        transactions.read(
            "Looking for attempts to prune",
            connection ->
                page.on(connection)
                    .number(Pruning.micros(retention.attemptAge()))
                    .id(start)
                    .number(size)
                    .list(Attempt::of));
    Map<UUID, List<Attempt>> byJob = new LinkedHashMap<>();
    attempts.forEach(
        attempt -> byJob.computeIfAbsent(attempt.job(), job -> new ArrayList<>()).add(attempt));
    Map<UUID, Long> last = new LinkedHashMap<>();
    int gone = 0;
    UUID next = FIRST;
    for (Map.Entry<UUID, List<Attempt>> job : byJob.entrySet()) {
      next = job.getKey();
      int over = over(job.getValue(), keep);
      if (over > 0) {
        last.put(job.getKey(), job.getValue().get(over - 1).token());
        gone += over;
      }
      if (gone >= limit) {
        break;
      }
    }
    if (!last.isEmpty()) {
      delete(last);
    }
    boolean atItsEnd = attempts.size() < size && gone < limit;
    from = atItsEnd ? FIRST : next.equals(start) && last.isEmpty() ? behind(next) : next;
    return gone;
  }

  /** How many of a job's attempts, the first ones, go. */
  private static int over(List<Attempt> attempts, int keep) {
    int over = Math.max(0, attempts.size() - keep);
    while (over < attempts.size() && attempts.get(over).old()) {
      over++;
    }
    return over;
  }

  private void delete(Map<UUID, Long> last) {
    transactions.transaction(
        "Pruning attempts",
        connection -> {
          delete.batch(
              connection,
              last.entrySet(),
              (call, job) -> call.id(job.getKey()).number(job.getValue()));
          return last;
        });
  }

  private static UUID behind(UUID id) {
    long low = id.getLeastSignificantBits() + 1;
    return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
  }
}
