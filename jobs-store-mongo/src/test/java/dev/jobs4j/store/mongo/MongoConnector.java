package dev.jobs4j.store.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.tck.BackendConnector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Connects an engine to the server and database that its arguments name. */
public final class MongoConnector implements BackendConnector {

  /** One client a JVM and server, as hosts have it; it ends with the JVM. */
  private static final Map<String, MongoClient> CLIENTS = new ConcurrentHashMap<>();

  @Override
  public void connect(JobsBuilder builder, Set<JobQueue> queues, List<String> arguments) {
    MongoClient client = CLIENTS.computeIfAbsent(arguments.get(0), MongoClients::create);
    builder.store(MongoJobStore.of(client.getDatabase(arguments.get(1))));
  }

  /** Gives up the client of a server that is about to stop. */
  static void forget(String url) {
    MongoClient client = CLIENTS.remove(url);
    if (client != null) {
      client.close();
    }
  }
}
