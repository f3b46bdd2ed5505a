package dev.jobs4j.store.jdbc;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Types;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A list of ids on its way to PostgreSQL, as the text that its driver sends: what the driver makes
 * of an array of ids is the same, after it has looked at each letter for one to escape. Made to be
 * bound, not to be read.
 */
final class IdArray implements Array {

  private static final int LETTERS = 36;

  private final Collection<UUID> ids;
  private final String text;

  IdArray(Collection<UUID> ids) {
    this.ids = ids;
    StringBuilder list = new StringBuilder(2 + ids.size() * (LETTERS + 1)).append('{');
    for (UUID id : ids) {
      list.append(list.length() > 1 ? "," : "").append(id);
    }
    text = list.append('}').toString();
  }

  /** What the driver sends. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public String getBaseTypeName() {
    return "uuid";
  }

  @Override
  public int getBaseType() {
    return Types.OTHER;
  }

  @Override
  public void free() {}

  /** For drivers that make something else of it. */
  @Override
  public Object getArray() {
    return ids.toArray(UUID[]::new);
  }

  @Override
  public Object getArray(@Nullable Map<String, Class<?>> map)
      throws SQLFeatureNotSupportedException {
    throw unread();
  }

  @Override
  public Object getArray(long index, int count) throws SQLFeatureNotSupportedException {
    throw unread();
  }

  @Override
  public Object getArray(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLFeatureNotSupportedException {
    throw unread();
  }

  @Override
  public ResultSet getResultSet() throws SQLFeatureNotSupportedException {
    throw unread();
  }

  @Override
  public ResultSet getResultSet(@Nullable Map<String, Class<?>> map)
      throws SQLFeatureNotSupportedException {
    throw unread();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLFeatureNotSupportedException {
    throw unread();
  }

  @Override
  public ResultSet getResultSet(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLFeatureNotSupportedException {
    throw unread();
  }

  private static SQLFeatureNotSupportedException unread() {
    return new SQLFeatureNotSupportedException("a list of ids is bound, not read");
  }
}
