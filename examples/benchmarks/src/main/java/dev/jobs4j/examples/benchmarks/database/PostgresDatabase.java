package dev.jobs4j.examples.benchmarks.database;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A PostgreSQL of this run's own, from Maven, with fsync and synchronous_commit on. */
public final class PostgresDatabase implements Database, Area.Care {

  private static final List<String> SETTINGS =
      List.of("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size");

  private static final String TRANSACTIONS =
      """
      SELECT xact_commit + xact_rollback AS transactions, deadlocks,
             tup_inserted + tup_updated + tup_deleted AS "row writes", tup_updated AS updates,
             pg_current_wal_lsn() - '0/0'::pg_lsn AS "WAL bytes",
             (SELECT sum(n_tup_hot_upd) FROM pg_stat_all_tables) AS "HOT updates",
             (SELECT sum(n_dead_tup) FROM pg_stat_user_tables) AS "dead rows",
             (SELECT sum(calls) FROM pg_stat_statements
               WHERE query NOT LIKE '%pg_stat_statements%') AS statements
        FROM pg_stat_database WHERE datname = current_database()
      """;

  /** Sessions that are in use elsewhere do not end; what they have not told yet is missing. */
  private static final long LONGEST_SETTLING = 500_000_000L;

  private final EmbeddedPostgres server;
  private final Connection own;
  private final ServerProcesses processes;

  private PostgresDatabase(EmbeddedPostgres server, Connection own, ServerProcesses processes) {
    this.server = server;
    this.own = own;
    this.processes = processes;
  }

  /** Starts the server. */
  public static PostgresDatabase start() throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .setServerConfig("max_connections", "200")
            .setServerConfig("shared_preload_libraries", "pg_stat_statements")
            .start();
    try {
      Connection own = server.getPostgresDatabase().getConnection();
      PostgresDatabase database =
          new PostgresDatabase(
              server,
              own,
              ServerProcesses.of(
                  text(own, "SELECT pg_read_file('postmaster.pid')").split("\n")[0]));
      database.checkDurable();
      database.execute("CREATE EXTENSION pg_stat_statements");
      database.countStatements(false);
      return database;
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void checkDurable() throws SQLException {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      if (!text(own, "SHOW " + setting).equals("on")) {
        throw new IllegalStateException(setting + " is not on: the figures would flatter");
      }
    }
  }

  @Override
  public synchronized String about() throws SQLException {
    List<String> parts = new ArrayList<>();
    parts.add("PostgreSQL " + text(own, "SHOW server_version"));
    for (String setting : SETTINGS) {
      parts.add(setting + "=" + text(own, "SHOW " + setting));
    }
    return String.join(", ", parts);
  }

  @Override
  public synchronized Area open(String name) throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + name + " CASCADE");
    execute("CREATE SCHEMA " + name);
    String url =
        server.getJdbcUrl("postgres", "postgres")
            + "&currentSchema="
            + name
            + "&ApplicationName="
            + name;
    return new Area(name, Product.POSTGRESQL, url, this);
  }

  @Override
  public synchronized Map<String, Double> counts() throws SQLException {
    Map<String, Double> counts = new HashMap<>();
    try (Statement statement = own.createStatement();
        ResultSet row = statement.executeQuery(TRANSACTIONS)) {
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        counts.put(row.getMetaData().getColumnLabel(i), row.getDouble(i));
      }
    }
    processes.cpuSeconds().ifPresent(seconds -> counts.put("server CPU s", seconds));
    return counts;
  }

  @Override
  public synchronized void countStatements(boolean on) throws SQLException {
    execute("ALTER SYSTEM SET pg_stat_statements.track = '" + (on ? "top" : "none") + "'");
    execute("SELECT pg_reload_conf()");
  }

  @Override
  public void tidy(Area area) throws SQLException {
    List<String> tables = new ArrayList<>();
    synchronized (this) {
      try (Statement statement = own.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT tablename FROM pg_tables WHERE schemaname = '" + area.name() + "'")) {
        while (rows.next()) {
          tables.add(area.name() + ".\"" + rows.getString(1) + "\"");
        }
      }
      if (!tables.isEmpty()) {
        execute("VACUUM ANALYZE " + String.join(", ", tables));
      }
    }
  }

  @Override
  public synchronized void checkpoint() throws SQLException {
    execute("CHECKPOINT");
  }

  @Override
  public synchronized long waitingForLocks() throws SQLException {
    return Long.parseLong(
        text(own, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"));
  }

  /** A session's last counts are shown when it ends. */
  @Override
  public void settleCounts(Area area, HikariDataSource pool) throws SQLException {
    String sessions;
    synchronized (this) {
      sessions =
          text(
              own,
              "SELECT coalesce(string_agg(pid::text, ','), '0') FROM pg_stat_activity"
                  + " WHERE application_name = '"
                  + area.name()
                  + "' AND state = 'idle'");
    }
    pool.getHikariPoolMXBean().softEvictConnections();
    String left = "SELECT count(*) FROM pg_stat_activity WHERE pid IN (" + sessions + ")";
    long giveUp = System.nanoTime() + LONGEST_SETTLING;
    while (!textOf(left).equals("0") && System.nanoTime() < giveUp) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public synchronized void drop(Area area) throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + area.name() + " CASCADE");
  }

  private synchronized String textOf(String sql) throws SQLException {
    return text(own, sql);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public synchronized void close() throws SQLException, IOException {
    try {
      own.close();
    } finally {
      server.close();
    }
  }
}
