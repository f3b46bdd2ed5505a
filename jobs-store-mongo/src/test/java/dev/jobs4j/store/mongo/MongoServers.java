package dev.jobs4j.store.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.jobs4j.tck.BackendReport;
import java.util.UUID;
import org.bson.Document;

/**
 * The server of a suite: the one that {@code JOBS4J_TEST_MONGODB} names ({@code mongodb://...}), or
 * else a stand-in inside this JVM, which has no sessions, transactions, TTL or partial indexes.
 */
record MongoServers(String url, String database, String backend, String kind, Runnable stop)
    implements AutoCloseable {

  static final String URL = "JOBS4J_TEST_MONGODB";

  private static final String STAND_IN = "mongo-java-server 1.47.0";

  static MongoServers start() {
    String real = System.getenv(URL);
    if (real != null && !real.isBlank()) {
      String database = "jobs4j_test_" + UUID.randomUUID().toString().replace("-", "");
      try (MongoClient client = MongoClients.create(real)) {
        Document build = client.getDatabase("admin").runCommand(new Document("buildInfo", 1));
        String backend = "MongoDB " + build.getString("version");
        return new MongoServers(
            real, database, backend, BackendReport.REAL, () -> drop(real, database));
      }
    }
    return standIn();
  }

  /** The stand-in, whatever the environment says. */
  static MongoServers standIn() {
    MongoServer server = new MongoServer(new MemoryBackend());
    int port = server.bind().getPort();
    return new MongoServers(
        "mongodb://127.0.0.1:" + port,
        "jobs4j_test",
        STAND_IN,
        BackendReport.EMBEDDED,
        server::shutdownNow);
  }

  private static void drop(String url, String database) {
    try (MongoClient client = MongoClients.create(url)) {
      client.getDatabase(database).drop();
    }
  }

  /** A client as a host would make it: nothing set that the store needs. */
  MongoClient connect() {
    return MongoClients.create(url);
  }

  @Override
  public void close() {
    stop.run();
  }
}
