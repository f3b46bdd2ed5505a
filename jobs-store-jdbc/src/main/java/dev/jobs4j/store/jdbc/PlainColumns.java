package dev.jobs4j.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds a single row to a PostgreSQL statement, one parameter a column. */
final class PlainColumns<R> implements Columns<R> {
  private final PreparedStatement statement;
  private final R row;
  private int index;

  PlainColumns(PreparedStatement statement, R row) {
    this.statement = statement;
    this.row = row;
  }

  @Override
  public void add(String type, Function<R, @Nullable Object> column) throws SQLException {
    Object value = column.apply(row);
    index++;
    if (value == null) {
      statement.setNull(index, type(type));
    } else if (value instanceof byte[] bytes) {
      statement.setBytes(index, bytes);
    } else {
      statement.setObject(index, value, type(type));
    }
  }

  private static int type(String name) {
    return switch (name) {
      case "uuid" -> Types.OTHER;
      case "text" -> Types.VARCHAR;
      case "int8" -> Types.BIGINT;
      case "int4" -> Types.INTEGER;
      case "bool" -> Types.BOOLEAN;
      case "bytea" -> Types.BINARY;
      default -> throw new IllegalArgumentException("type " + name);
    };
  }
}
