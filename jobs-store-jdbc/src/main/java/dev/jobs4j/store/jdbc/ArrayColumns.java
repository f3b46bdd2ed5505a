package dev.jobs4j.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds many rows to a PostgreSQL statement, one array a column. */
final class ArrayColumns<R> implements Columns<R> {
  private final PreparedStatement statement;
  private final List<R> rows;
  private int index;

  ArrayColumns(PreparedStatement statement, List<R> rows) {
    this.statement = statement;
    this.rows = rows;
  }

  @Override
  public void add(String type, Function<R, @Nullable Object> column) throws SQLException {
    @Nullable Object[] values =
        type.equals("bytea")
            ? new byte @Nullable [rows.size()][]
            : new @Nullable Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    index++;
    statement.setArray(index, statement.getConnection().createArrayOf(type, values));
  }
}
