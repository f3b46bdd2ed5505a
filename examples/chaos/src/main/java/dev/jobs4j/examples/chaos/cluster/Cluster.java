package dev.jobs4j.examples.chaos.cluster;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.examples.chaos.wire.Wire;
import dev.jobs4j.examples.chaos.work.Database;
import dev.jobs4j.examples.chaos.work.Kind;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The server, the workers, and the wires of these and of who enqueues. */
public final class Cluster implements AutoCloseable {

  /** How many workers there are. */
  public static final int WORKERS = 3;

  /** The name of who enqueues. */
  public static final String DRIVER = "driver";

  private final Server server;
  private final Wire wire;
  private final List<Worker> workers;

  private Cluster(Server server, Wire wire, List<Worker> workers) {
    this.server = server;
    this.wire = wire;
    this.workers = workers;
  }

  /**
   * Starts the server with its tables, and the workers.
   *
   * @param onCut is told whose wire was cut after a commit
   */
  public static Cluster start(Path folder, Consumer<String> onCut)
      throws IOException, SQLException {
    Server server = Server.start(folder.resolve("database"));
    Wire wire = Wire.to(server.port(), () -> onCut.accept(DRIVER));
    List<Worker> workers = new ArrayList<>();
    Cluster cluster = new Cluster(server, wire, workers);
    try {
      makeTables(server);
      for (int i = 1; i <= WORKERS; i++) {
        String name = "worker-" + i;
        Wire own = Wire.to(server.port(), () -> onCut.accept(name));
        workers.add(new Worker(name, own, folder));
      }
      for (Worker worker : workers) {
        worker.start();
      }
      return cluster;
    } catch (IOException | SQLException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static void makeTables(Server server) throws SQLException {
    server.execute(
        "CREATE TABLE chaos_effect"
            + " (name text PRIMARY KEY, token bigint NOT NULL, writes int NOT NULL DEFAULT 1)");
    try (HikariDataSource pool = Database.pool(Database.url(server.port()), 2);
        Jobs jobs =
            Jobs.builder()
                .store(
                    JdbcJobStore.of(
                        pool,
                        JdbcStoreOptions.builder()
                            .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
                            .build()))
                .enqueueOnly()) {
      jobs.limits().define(JobLimit.running(Kind.LIMIT, Kind.PERMITS));
    }
  }

  /** Waits until every worker has been given its lease. */
  public void awaitWorkers() throws SQLException, InterruptedException {
    while (Integer.parseInt(server.text("SELECT count(*) FROM jobs_engine")) < WORKERS) {
      Thread.sleep(50);
    }
  }

  /** The database. */
  public Server server() {
    return server;
  }

  /** How who enqueues reaches the database. */
  public Wire wire() {
    return wire;
  }

  /** The workers. */
  public List<Worker> workers() {
    return workers;
  }

  @Override
  public void close() throws IOException {
    for (Worker worker : workers) {
      try {
        worker.kill();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      worker.wire().close();
    }
    wire.close();
    server.close();
  }
}
