package dev.jobs4j.store.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoDatabase;
import java.util.function.LongSupplier;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * The server's time in microseconds, asked of the primary each time: a round trip, but no clock of
 * ours takes part in any decision. It is asked before the write that uses it, so it is never ahead
 * of the server: a job starts late by that round trip, never early.
 */
final class ServerClock {

  /** Servers before 5.0, and stand-ins of them, do not know {@code hello}. */
  private static final int COMMAND_NOT_FOUND = 59;

  private final MongoDatabase database;
  private final LongSupplier shiftMicros;
  private volatile String greeting = "hello";

  /** With what tests move the clock on by. */
  ServerClock(MongoDatabase database, LongSupplier shiftMicros) {
    this.database = database;
    this.shiftMicros = shiftMicros;
  }

  long now() {
    String asked = greeting; // another thread may learn the other word meanwhile
    try {
      return ask(asked);
    } catch (MongoCommandException e) {
      if (e.getErrorCode() != COMMAND_NOT_FOUND || asked.equals("isMaster")) {
        throw e;
      }
      greeting = "isMaster";
      return ask("isMaster");
    }
  }

  private long ask(String command) {
    BsonDocument answer =
        database.runCommand(
            new BsonDocument(command, new BsonInt32(1)),
            ReadPreference.primary(),
            BsonDocument.class);
    return answer.getDateTime("localTime").getValue() * 1_000 + shiftMicros.getAsLong();
  }
}
