package dev.jobs4j.examples.benchmarks.database;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The MariaDB server that {@code JOBS4J_TEST_MARIADB} names; an area is a database there. */
public final class MariaDatabase implements Database, Area.Care {

  private static final String VARIABLE = "JOBS4J_TEST_MARIADB";

  private static final List<String> SETTINGS =
      List.of(
          "innodb_flush_log_at_trx_commit",
          "innodb_buffer_pool_size",
          "sync_binlog",
          "log_bin",
          "tx_isolation");

  private static final Map<String, String> COUNTERS =
      Map.of(
          "Questions", "statements",
          "Handler_commit", "transactions",
          "Innodb_os_log_written", "WAL bytes",
          "Innodb_rows_inserted", "row writes",
          "Innodb_rows_updated", "row writes",
          "Innodb_rows_deleted", "row writes",
          "Innodb_deadlocks", "deadlocks");

  private final URI server;
  private final Connection own;

  private MariaDatabase(URI server, Connection own) {
    this.server = server;
    this.own = own;
  }

  /** Connects to it. */
  public static MariaDatabase connect() throws SQLException {
    String given = System.getenv(VARIABLE);
    if (given == null || !given.startsWith("jdbc:mariadb://")) {
      throw new IllegalArgumentException(
          "--database mariadb needs "
              + VARIABLE
              + "=jdbc:mariadb://host:port/db?user=..&password=.. in the environment"
              + " (.ci/with-servers sets it), was "
              + given);
    }
    URI server = URI.create(given.substring("jdbc:".length()));
    return new MariaDatabase(server, DriverManager.getConnection(url(server, server.getPath())));
  }

  private static String url(URI server, String path) {
    return "jdbc:mariadb://"
        + server.getHost()
        + ":"
        + server.getPort()
        + path
        + "?"
        + server.getRawQuery()
        + "&sslMode=disable";
  }

  @Override
  public synchronized String about() throws SQLException {
    List<String> parts = new ArrayList<>();
    try (Statement statement = own.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT VERSION()")) {
        row.next();
        parts.add("MariaDB " + row.getString(1));
      }
      for (String setting : SETTINGS) {
        try (ResultSet row =
            statement.executeQuery("SHOW GLOBAL VARIABLES LIKE '" + setting + "'")) {
          if (row.next()) {
            parts.add(setting + "=" + row.getString(2));
          }
        }
      }
    }
    return String.join(", ", parts);
  }

  @Override
  public Area open(String name) throws SQLException {
    execute("DROP DATABASE IF EXISTS " + name);
    execute("CREATE DATABASE " + name);
    return new Area(name, Product.MARIADB, url(server, "/" + name), this);
  }

  @Override
  public synchronized Map<String, Double> counts() throws SQLException {
    Map<String, Double> counts = new HashMap<>();
    try (Statement statement = own.createStatement();
        ResultSet rows = statement.executeQuery("SHOW GLOBAL STATUS")) {
      while (rows.next()) {
        String name = COUNTERS.get(rows.getString(1));
        if (name != null) {
          counts.merge(name, rows.getDouble(2), Double::sum);
        }
      }
    }
    return counts;
  }

  /** The server always counts them. */
  @Override
  public void countStatements(boolean on) {}

  @Override
  public void tidy(Area area) throws SQLException {
    List<String> tables = new ArrayList<>();
    synchronized (this) {
      try (Statement statement = own.createStatement();
          ResultSet rows = statement.executeQuery("SHOW TABLES IN " + area.name())) {
        while (rows.next()) {
          tables.add(area.name() + "." + rows.getString(1));
        }
      }
    }
    if (!tables.isEmpty()) {
      execute("ANALYZE TABLE " + String.join(", ", tables));
    }
  }

  @Override
  public void settleCounts(Area area, HikariDataSource pool) {}

  @Override
  public void drop(Area area) throws SQLException {
    execute("DROP DATABASE IF EXISTS " + area.name());
  }

  private synchronized void execute(String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    own.close();
  }
}
