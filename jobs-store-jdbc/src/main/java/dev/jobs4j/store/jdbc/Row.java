package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The row at which a result stands; by name, so that statements may order their columns. */
record Row(ResultSet result, Values values) {

  UUID id(String column) throws SQLException {
    return values.id(result, result.findColumn(column));
  }

  @Nullable UUID idOrNull(String column) throws SQLException {
    int index = result.findColumn(column);
    return result.getObject(index) == null ? null : values.id(result, index);
  }

  UUID firstId() throws SQLException {
    return values.id(result, 1);
  }

  JobId jobId() throws SQLException {
    return new JobId(id("id"));
  }

  TokenLease lease() throws SQLException {
    return new TokenLease(jobId(), number("token"));
  }

  Instant instant(String column) throws SQLException {
    Instant instant = instantOrNull(column);
    if (instant == null) {
      throw new SQLException("no time in column " + column, "22004");
    }
    return instant;
  }

  @Nullable Instant instantOrNull(String column) throws SQLException {
    return values.instant(result, result.findColumn(column));
  }

  String text(String column) throws SQLException {
    return result.getString(column);
  }

  /** The line in which a job stands, from the two columns that say so. */
  @Nullable Fifo fifo() throws SQLException {
    String key = textOrNull("line_key");
    return key == null
        ? null
        : new Fifo(key, flag("line_skip") ? Fifo.OnDead.SKIP : Fifo.OnDead.BLOCK);
  }

  @Nullable String textOrNull(String column) throws SQLException {
    return result.getString(column);
  }

  boolean flag(String column) throws SQLException {
    return result.getBoolean(column);
  }

  long number(String column) throws SQLException {
    return result.getLong(column);
  }

  @Nullable Long numberOrNull(String column) throws SQLException {
    long value = result.getLong(column);
    return result.wasNull() ? null : value;
  }

  int integer(String column) throws SQLException {
    return result.getInt(column);
  }

  @Nullable Integer integerOrNull(String column) throws SQLException {
    int value = result.getInt(column);
    return result.wasNull() ? null : value;
  }

  byte[] bytes(String column) throws SQLException {
    return result.getBytes(column);
  }

  /** A claimed row. */
  LeasedJob leased() throws SQLException {
    return leased(number("token"), integer("attempt"));
  }

  /** A row that is being claimed: its token and attempt will be these. */
  LeasedJob leased(long token, int attempt) throws SQLException {
    JobId id = jobId();
    return new LeasedJob(
        new TokenLease(id, token),
        id,
        text("type"),
        integer("type_version"),
        new JobQueue(text("queue")),
        new Payload(text("codec"), bytes("payload")),
        attempt,
        integerOrNull("max_attempts"),
        OptionalLong.of(token),
        flag("suspect"),
        Duration.of(Math.max(0, number("age")), ChronoUnit.MICROS),
        textOrNull("tenant"),
        Tags.read(textOrNull("tags")),
        Headers.read(textOrNull("headers")),
        textOrNull("origin"));
  }
}
