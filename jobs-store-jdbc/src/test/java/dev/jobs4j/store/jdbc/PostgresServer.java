package dev.jobs4j.store.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.jar.JarFile;

/**
 * The PostgreSQL servers of this run: one a version, started when first asked for, ended with the
 * JVM. They write through to disk, which the library that starts them leaves out by default.
 */
enum PostgresServer {
  V15("postgres-15.jar"),
  V18("postgres-18.jar");

  private final String jar;
  private EmbeddedPostgres server; // guarded by this

  PostgresServer(String jar) {
    this.jar = jar;
  }

  String url() {
    return started().getJdbcUrl("postgres", "postgres");
  }

  /** With the version that the server says it has. */
  @Override
  public String toString() {
    return "PostgreSQL " + setting("server_version").replaceFirst(" .*", "");
  }

  String setting(String name) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  private synchronized EmbeddedPostgres started() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setPgBinaryResolver(binaries())
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "200")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot start PostgreSQL from " + jar, e);
      }
    }
    return server;
  }

  /** Both versions have the same name on a class path, so each is read out of its own jar. */
  private PgBinaryResolver binaries() {
    Path file = Path.of(System.getProperty("jobs.test.postgres", "target/postgres"), jar);
    return (system, machine) -> {
      try (JarFile archive = new JarFile(file.toFile())) {
        String entry =
            archive.stream()
                .map(e -> e.getName())
                .filter(name -> name.endsWith(".txz"))
                .findFirst()
                .orElseThrow(() -> new IOException("No .txz in " + file));
        try (InputStream in = archive.getInputStream(archive.getEntry(entry))) {
          return new ByteArrayInputStream(in.readAllBytes());
        }
      }
    };
  }
}
