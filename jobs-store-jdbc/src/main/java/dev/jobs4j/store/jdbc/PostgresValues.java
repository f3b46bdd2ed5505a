package dev.jobs4j.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/** Lists of ids go as one text. */
final class PostgresValues extends ArrayValues {

  @Override
  public int bindIds(PreparedStatement statement, int index, Collection<UUID> ids)
      throws SQLException {
    statement.setArray(index, new IdArray(ids));
    return index + 1;
  }
}
