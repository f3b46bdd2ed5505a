package dev.jobs4j.store.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Databases that know ids, times with a zone, and arrays: a list is one parameter. */
class ArrayValues implements Values {

  static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("varchar", texts.toArray());
  }

  @Override
  public String anyOf(int size) {
    return Command.LIST;
  }

  @Override
  public int bindIds(PreparedStatement statement, int index, Collection<UUID> ids)
      throws SQLException {
    statement.setArray(index, statement.getConnection().createArrayOf("uuid", ids.toArray()));
    return index + 1;
  }

  @Override
  public int bindTexts(PreparedStatement statement, int index, Collection<String> texts)
      throws SQLException {
    statement.setArray(index, texts(statement.getConnection(), texts));
    return index + 1;
  }

  @Override
  public void bind(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setObject(index, id);
  }

  @Override
  public void bind(PreparedStatement statement, int index, OffsetDateTime time)
      throws SQLException {
    statement.setObject(index, time, Types.TIMESTAMP_WITH_TIMEZONE);
  }

  @Override
  public UUID id(ResultSet row, int column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  @Override
  public @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
