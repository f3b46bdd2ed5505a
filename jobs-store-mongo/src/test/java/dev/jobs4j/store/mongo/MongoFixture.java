package dev.jobs4j.store.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.tck.BackendReport;
import dev.jobs4j.tck.StoreFixture;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;

/** One database on one server, with a clock that can be moved on. */
final class MongoFixture implements StoreFixture {

  private final MongoServers server;
  private final MongoClient client;
  private final AtomicLong shiftMicros = new AtomicLong();

  MongoFixture(MongoServers server) {
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
  public JobStore open() {
    return open(client);
  }

  /** A node with a client of its own making. */
  JobStore open(MongoClient itsOwn) {
    return MongoJobStore.of(
        itsOwn.getDatabase(server.database()), MongoStoreOptions.defaults(), shiftMicros::get);
  }

  String url() {
    return server.url();
  }

  @Override
  public void clear() {
    for (String name : database().listCollectionNames()) {
      database().getCollection(name).deleteMany(new Document());
    }
  }

  @Override
  public void advance(Duration by) {
    shiftMicros.addAndGet(by.toNanos() / 1_000);
  }

  /** The stand-in sorts a whole collection for each claim. */
  @Override
  public int rounds() {
    return kind().equals(BackendReport.REAL) ? StoreFixture.super.rounds() : 5;
  }

  MongoDatabase database() {
    return client.getDatabase(server.database());
  }

  Areas areas() {
    return Areas.of(database(), MongoStoreOptions.defaults());
  }

  ServerClock clock() {
    return new ServerClock(database(), shiftMicros::get);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
