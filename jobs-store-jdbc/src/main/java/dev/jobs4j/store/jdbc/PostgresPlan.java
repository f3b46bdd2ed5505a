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

/**
 * How PostgreSQL would go to the jobs in a statement if nothing but an index counted: a table of a
 * few rows is rightly read as a whole and sorted, so both are made dear. What it does all the same
 * it does for want of an index.
 */
final class PostgresPlan {

  private static final String[] DEAR = {
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL enable_bitmapscan = off",
    "SET LOCAL enable_sort = off",
    "SET LOCAL enable_incremental_sort = off"
  };

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

  /** What is wrong with the way, in a transaction that is open. */
  List<String> troubles(Connection connection, String statement, Binding binding)
      throws SQLException {
    try (Statement setting = connection.createStatement()) {
      for (String dear : DEAR) {
        setting.execute(dear);
      }
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
