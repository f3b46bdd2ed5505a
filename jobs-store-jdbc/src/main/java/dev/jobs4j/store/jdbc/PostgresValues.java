package dev.jobs4j.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.UUID;

/**
 * Lists of ids go as one text: what the driver makes of an array of ids is the same text, after it
 * has looked at each letter of it for one to escape.
 */
final class PostgresValues extends ArrayValues {

  private static final int LETTERS = 36;

  /** Binds a list of ids to a place whose type is known to be that. */
  static void bind(PreparedStatement statement, int index, Collection<UUID> ids)
      throws SQLException {
    StringBuilder text = new StringBuilder(2 + ids.size() * (LETTERS + 1)).append('{');
    for (UUID id : ids) {
      text.append(text.length() > 1 ? "," : "").append(id);
    }
    statement.setObject(index, text.append('}').toString(), Types.OTHER);
  }

  @Override
  public int bindIds(PreparedStatement statement, int index, Collection<UUID> ids)
      throws SQLException {
    bind(statement, index, ids);
    return index + 1;
  }
}
