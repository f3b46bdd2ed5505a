package dev.jobs4j.examples.chaos.cluster;

import dev.jobs4j.examples.chaos.work.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real server on a data directory of its own, as durable as in production. */
public final class Server implements AutoCloseable {

  private final Path data;
  private EmbeddedPostgres server;

  private Server(Path data) throws IOException {
    this.data = data;
    server = open(0);
  }

  /** Starts one; refuses to go on if what it acknowledges would not be on disk. */
  public static Server start(Path data) throws IOException, SQLException {
    Server server = new Server(data);
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      if (!server.text("SHOW " + setting).equals("on")) {
        server.close();
        throw new IllegalStateException(setting + " is not on: a killed server may lose jobs");
      }
    }
    return server;
  }

  private EmbeddedPostgres open(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("max_connections", "100")
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** Where it listens; the same through all its lives. */
  public int port() {
    return server.getPort();
  }

  /** A connection past all wires, which may write also while others may not. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        Database.url(port()) + "&options=-c%20default_transaction_read_only=off");
  }

  /** Runs one statement past all wires. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  public String text(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Kills the server and all its sessions with -9. */
  public void kill() throws IOException, InterruptedException {
    ProcessHandle postmaster = postmaster();
    List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
    all.addAll(postmaster.descendants().toList());
    all.forEach(ProcessHandle::destroyForcibly);
    while (all.stream().anyMatch(ProcessHandle::isAlive)) {
      Thread.sleep(5);
    }
  }

  private ProcessHandle postmaster() throws IOException {
    try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
      return ProcessHandle.of(pid)
          .orElseThrow(() -> new IOException("The server is not there: pid=" + pid));
    }
  }

  /** Starts it again after a kill, on the same data and port. */
  public void startAgain() throws IOException {
    int port = port();
    server.close(); // gives the lock on the directory back; there is nothing left to stop
    server = open(port);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
