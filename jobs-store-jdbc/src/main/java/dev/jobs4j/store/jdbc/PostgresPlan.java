package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How PostgreSQL goes to the jobs in a statement. Left to itself it plans a claim anew each time,
 * which takes longer than to claim a few jobs, and by what it takes for the size of the table: what
 * it counted when the table was empty, or just before a million jobs came. So a plan is made once
 * for a connection and kept, as if nothing but an index counted. What it does all the same, to read
 * the whole table or to sort what is due, it does for want of an index, and the check at start
 * tells.
 */
final class PostgresPlan {

  /**
   * Goes before a claim, in one message with it, and holds for its transaction alone, in which
   * nothing may follow: what has to sort would read a whole index instead. Without a compiler: a
   * way made dear looks as if it were worth one.
   */
  static final String KEPT =
      Stream.of("seqscan", "bitmapscan", "sort", "incremental_sort")
          .map(way -> setting("enable_" + way, "off"))
          .collect(
              Collectors.joining(
                  ", ",
                  "SELECT "
                      + setting("plan_cache_mode", "force_generic_plan")
                      + ", "
                      + setting("jit", "off")
                      + ", ",
                  "; "));

  /** Fills in the parameters. */
  @FunctionalInterface
  interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private final Pattern jobScan;
  private final Pattern wholeTable;

  /** For the jobs in the table of this name, which may have its schema before it. */
  PostgresPlan(String table) {
    String name = Pattern.quote(table.substring(table.indexOf('.') + 1).toLowerCase(Locale.ROOT));
    jobScan = Pattern.compile("->.* Scan .*on " + name + "\\b.*");
    wholeTable = Pattern.compile("->\\s+(Parallel )?Seq Scan on " + name + "\\b.*");
  }

  private static String setting(String name, String value) {
    return "set_config('" + name + "', '" + value + "', true)";
  }

  /** What the query behind {@link #KEPT} answers. */
  static ResultSet answer(PreparedStatement statement) throws SQLException {
    statement.execute();
    if (!statement.getMoreResults()) {
      throw new SQLException("a claim was not answered", "02000");
    }
    return statement.getResultSet();
  }

  /** What is wrong with the way, in a transaction that is open. */
  List<String> troubles(Connection connection, String statement, Binding binding)
      throws SQLException {
    try (Statement setting = connection.createStatement()) {
      setting.execute(KEPT);
    }
    List<String> nodes = new ArrayList<>();
    try (PreparedStatement explain =
        connection.prepareStatement("EXPLAIN (COSTS OFF) " + statement)) {
      binding.bind(explain);
      try (ResultSet row = explain.executeQuery()) {
        while (row.next()) {
          String line = row.getString(1).strip();
          if (line.startsWith("->")) {
            nodes.add(line);
          }
        }
      }
    }
    return troubles(nodes);
  }

  private List<String> troubles(List<String> nodes) {
    Set<String> troubles = new LinkedHashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      String node = nodes.get(i);
      if (wholeTable.matcher(node).matches()) {
        troubles.add("it reads the whole table (" + node + ")");
      }
      boolean sorts = node.matches("->\\s+(Incremental )?Sort");
      if (sorts && i + 1 < nodes.size() && jobScan.matcher(nodes.get(i + 1)).matches()) {
        troubles.add("it sorts all jobs that are due (" + nodes.get(i + 1) + ")");
      }
    }
    return List.copyOf(troubles);
  }
}
