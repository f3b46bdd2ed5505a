package dev.jobs4j.store.mongo;

import com.mongodb.client.MongoClient;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.tck.EngineFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.Document;

/** A server for engines of this JVM and of others; the stand-in listens on the loopback too. */
final class MongoEngineFixture implements EngineFixture {

  private final MongoServers server;
  private final MongoClient client;

  MongoEngineFixture(MongoServers server) {
    this.server = server;
    this.client = server.connect();
  }

  @Override
  public String backend() {
    return server.backend();
  }

  @Override
  public String kind() {
    return server.kind();
  }

  @Override
  public Set<Capability> capabilities() {
    return MongoJobStore.of(client.getDatabase(server.database())).capabilities();
  }

  @Override
  public BackendConnector connector() {
    return new MongoConnector();
  }

  @Override
  public List<String> arguments() {
    return List.of(server.url(), server.database());
  }

  /** Read by the driver alone, with the names that are on disk. */
  @Override
  public List<DeadLetter> deadLetters(JobQueue queue) {
    return client
        .getDatabase(server.database())
        .getCollection("jobs4j_jobs", BsonDocument.class)
        .find(new Document("queue", queue.name()).append("state", "DEAD"))
        .sort(new Document("_id", 1))
        .map(MongoEngineFixture::letter)
        .into(new ArrayList<>());
  }

  private static DeadLetter letter(BsonDocument job) {
    UUID id = job.getBinary("_id").asUuid();
    BsonDocument failure = job.getDocument("failure");
    BsonDocument payload = job.getDocument("payload");
    long diedAt = job.getInt64("finishedAt").getValue();
    return new DeadLetter(
        new JobId(id),
        job.getString("type").getValue(),
        JobQueue.of(job.getString("queue").getValue()),
        DeadReason.valueOf(job.getString("deadReason").getValue()),
        new Failure(
            failure.getString("errorClass").getValue(),
            failure.getString("message").getValue(),
            failure.getString("stack").getValue()),
        job.getInt32("attempt").getValue(),
        payload.getBinary("bytes").getData(),
        payload.getString("codec").getValue(),
        Instant.ofEpochSecond(diedAt / 1_000_000, diedAt % 1_000_000 * 1_000),
        null);
  }

  @Override
  public void close() {
    MongoConnector.forget(server.url());
    client.close();
    server.close();
  }
}
