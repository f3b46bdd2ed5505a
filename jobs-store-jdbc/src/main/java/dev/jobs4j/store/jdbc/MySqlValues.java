package dev.jobs4j.store.jdbc;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Databases without arrays, ids or times with a zone: an id is its 16 bytes, which sort as ids do;
 * a time is a local one in UTC, which no driver converts, and goes there as text, from which no
 * driver drops the microseconds; a list is padded with its last value to one of few lengths, so
 * that few texts are prepared. The server drops values that come twice.
 */
final class MySqlValues implements Values {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private final int maxBytes;

  MySqlValues(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public int maxBytes() {
    return maxBytes;
  }

  @Override
  public String anyOf(int size) {
    return "IN (?" + ", ?".repeat(length(size) - 1) + ")";
  }

  /** 1, 4, 16, 64 and so on. */
  private static int length(int size) {
    int length = 1;
    while (length < size) {
      length *= 4;
    }
    return length;
  }

  @Override
  public boolean deletesOneByOne() {
    return true;
  }

  private interface Setter<T> {
    void set(int index, @Nullable T value) throws SQLException;
  }

  /** An empty list is one NULL, which nothing equals. */
  private static <T> int bindList(int index, Collection<T> values, Setter<T> setter)
      throws SQLException {
    int next = index;
    T last = null;
    for (T value : values) {
      setter.set(next++, value);
      last = value;
    }
    int end = index + length(values.size());
    while (next < end) {
      setter.set(next++, last);
    }
    return end;
  }

  @Override
  public int bindIds(PreparedStatement statement, int index, Collection<UUID> ids)
      throws SQLException {
    return bindList(index, ids, (at, id) -> statement.setBytes(at, id == null ? null : bytes(id)));
  }

  @Override
  public int bindTexts(PreparedStatement statement, int index, Collection<String> texts)
      throws SQLException {
    return bindList(index, texts, statement::setString);
  }

  @Override
  public void bind(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setBytes(index, bytes(id));
  }

  @Override
  public void bind(PreparedStatement statement, int index, OffsetDateTime time)
      throws SQLException {
    statement.setString(index, TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC)));
  }

  @Override
  public UUID id(ResultSet row, int column) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  @Override
  public @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
