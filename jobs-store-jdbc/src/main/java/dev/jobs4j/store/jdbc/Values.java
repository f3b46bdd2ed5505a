package dev.jobs4j.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How ids, times and lists travel between Java and a database: what drivers do not agree on. */
interface Values {

  /** The most bytes of a value that fits a message; more would break the connection. */
  default int maxBytes() {
    return Integer.MAX_VALUE;
  }

  /** The words that stand for {@link Command#LIST} where a list has so many values. */
  String anyOf(int size);

  /**
   * Whether a DELETE of several keys is better several of one key: where a planner may walk a small
   * table instead, which locks all of it and waits for whoever has a row there.
   */
  default boolean deletesOneByOne() {
    return false;
  }

  /** Binds the places of a list, as many as {@link #anyOf} made; returns the index behind them. */
  int bindIds(PreparedStatement statement, int index, Collection<UUID> ids) throws SQLException;

  /** The same for texts. */
  int bindTexts(PreparedStatement statement, int index, Collection<String> texts)
      throws SQLException;

  void bind(PreparedStatement statement, int index, UUID id) throws SQLException;

  void bind(PreparedStatement statement, int index, OffsetDateTime time) throws SQLException;

  UUID id(ResultSet row, int column) throws SQLException;

  /** Null if the column is. */
  @Nullable Instant instant(ResultSet row, int column) throws SQLException;
}
