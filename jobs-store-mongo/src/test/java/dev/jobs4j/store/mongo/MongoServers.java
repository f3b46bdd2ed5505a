package dev.jobs4j.store.mongo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.jobs4j.tck.BackendReport;
import java.util.UUID;
import org.bson.Document;

/**
 * The server of a suite: a real one, which {@code JOBS4J_TEST_MONGODB} names ({@code
 * mongodb://...}), or a stand-in inside this JVM, which has no sessions, transactions, TTL or
 * partial indexes.
 */
record MongoServers(String url, String database, String backend, String kind, Runnable stop)
    implements AutoCloseable {

  static final String URL = "JOBS4J_TEST_MONGODB";

  private static final String STAND_IN = "mongo-java-server 1.47.0";

  /** The real server if there is one, else the stand-in. */
  static MongoServers any() {
    return isRealNamed() ? real() : standIn();
  }

  /**
   * The real server, for a suite that wants no other: without one the suite notes that and is left
   * out.
   */
  static MongoServers realFor(Class<?> suite) {
    if (!isRealNamed()) {
      BackendReport.used(suite, "MongoDB", BackendReport.ABSENT);
    }
    assumeTrue(isRealNamed(), URL + " is not set");
    return real();
  }

  private static boolean isRealNamed() {
    String url = System.getenv(URL);
    return url != null && !url.isBlank();
  }

  private static MongoServers real() {
    String url = System.getenv(URL);
    String database = "jobs4j_test_" + UUID.randomUUID().toString().replace("-", "");
    try (MongoClient client = MongoClients.create(url)) {
      Document build = client.getDatabase("admin").runCommand(new Document("buildInfo", 1));
      String backend = "MongoDB " + build.getString("version");
      return new MongoServers(
          url, database, backend, BackendReport.REAL, () -> drop(url, database));
    }
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
