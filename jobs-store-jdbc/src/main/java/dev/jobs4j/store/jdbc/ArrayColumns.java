package dev.jobs4j.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    boolean any = false;
    for (R row : rows) {
      Object value = column.apply(row);
      any |= value != null;
      values.add(value);
    }
    bind(type, any ? values : List.of()); // what is missing behind the end is null
  }

  @Override
  public void addSame(String type, Function<R, @Nullable Object> column) throws SQLException {
    Object first = column.apply(rows.get(0));
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    boolean same = true;
    for (R row : rows) {
      Object value = column.apply(row);
      same &= Objects.equals(first, value);
      values.add(value);
    }
    bind(type, same ? values.subList(0, 1) : values);
  }

  private void bind(String type, List<@Nullable Object> values) throws SQLException {
    index++;
    if (type.equals("uuid")) {
      statement.setArray(index, new IdArray(ids(values)));
      return;
    }
    Object[] array =
        values.toArray(type.equals("bytea") ? new byte[values.size()][] : new Object[0]);
    statement.setArray(index, statement.getConnection().createArrayOf(type, array));
  }

  private static List<UUID> ids(List<@Nullable Object> values) {
    return values.stream().map(UUID.class::cast).toList();
  }
}
