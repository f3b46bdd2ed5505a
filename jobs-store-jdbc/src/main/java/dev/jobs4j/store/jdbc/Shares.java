package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Priority;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pending jobs that an index has apart by tenant, and of each tenant in the order of a claim.
 *
 * @param index its name without the prefix
 * @param by the columns before the tenant that a claim gives values for
 * @param order all columns before the tenant
 * @param kind what else bounds them before the tenant, or nothing
 */
record Shares(String index, List<String> by, String order, String kind) {

  /** Jobs that wait for nothing. */
  static final Shares FREE =
      new Shares("job_share", List.of("queue"), "queue, {lane}", " AND {claimable}");

  /** The same, of those that may have killed a node. */
  static final Shares SUSPECT =
      new Shares("job_share", List.of("queue"), "queue, {lane}", " AND {claimable suspect}");

  /** Jobs that wait for a key. */
  static final Shares WAITING =
      new Shares("job_blocked_share", List.of("blocked_on", "queue"), "blocked_on, queue", "");

  /** The columns that a claim gives values for, as a list. */
  String columns() {
    return String.join(", ", by);
  }

  /** The condition with a parameter for each of them. */
  String given() {
    return by.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND ")) + kind;
  }

  /** The condition for a row {@code j} that lies where the row {@code of} does. */
  String at(String of) {
    return by.stream()
            .map(column -> "j." + column + " = " + of + "." + column)
            .collect(Collectors.joining(" AND "))
        + kind;
  }

  /** Whether the tenant of the row {@code of} has a job due: by the first at each level. */
  String due(String of, JdbcDialect dialect) {
    return Arrays.stream(Priority.values())
        .map(
            level ->
                """
                (SELECT run_at FROM {p}job j {use %5$s}
                  WHERE %1$s AND {tenant} = %2$s.share AND priority = %3$d
                  ORDER BY %4$s LIMIT 1) <= {now}"""
                    .formatted(at(of), of, level.level(), inOrder(dialect), index))
        .collect(Collectors.joining(" OR ", "COALESCE(", ", FALSE)"));
  }

  /** The order of a tenant's jobs at one level. */
  String inOrder(JdbcDialect dialect) {
    return dialect.along(order + ", {tenant}, priority") + "run_at, id";
  }
}
