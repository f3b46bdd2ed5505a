package dev.jobs4j.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A real server for one run, as durable as in production. */
final class Postgres implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final HikariDataSource pool;

  private Postgres(EmbeddedPostgres server, HikariDataSource pool) {
    this.server = server;
    this.pool = pool;
  }

  static Postgres start() throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .start();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
    config.setMaximumPoolSize(16);
    Postgres postgres = new Postgres(server, new HikariDataSource(config));
    for (String setting : new String[] {"fsync", "synchronous_commit"}) {
      if (!postgres.query("SHOW " + setting).equals("on")) {
        postgres.close();
        throw new IllegalStateException(setting + " is not on: the figures would flatter");
      }
    }
    return postgres;
  }

  DataSource pool() {
    return pool;
  }

  String version() throws SQLException {
    return "PostgreSQL " + query("SHOW server_version");
  }

  String query(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    pool.close();
    server.close();
  }
}
