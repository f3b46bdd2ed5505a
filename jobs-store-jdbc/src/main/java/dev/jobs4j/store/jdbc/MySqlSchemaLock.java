package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A named lock of the session: each change of a schema is a commit here, which would give any other
 * kind back. Names are those of the whole server and short, so the database's name goes in hashed.
 */
record MySqlSchemaLock(Connection connection, String tablePrefix) implements SchemaLock {

  private static final int SECONDS = 60;
  private static final String NAME = "CONCAT('jobs4j ', SHA1(CONCAT_WS('.', DATABASE(), ?)))";

  static SchemaLock take(Connection connection, String tablePrefix) throws SQLException {
    if (call(connection, "SELECT GET_LOCK(" + NAME + ", " + SECONDS + ")", tablePrefix) != 1) {
      throw new SQLException(
          "another session migrates these tables for more than " + SECONDS + " seconds", "HYT00");
    }
    return new MySqlSchemaLock(connection, tablePrefix);
  }

  @Override
  public void close() throws SQLException {
    call(connection, "SELECT RELEASE_LOCK(" + NAME + ")", tablePrefix);
  }

  private static int call(Connection connection, String sql, String tablePrefix)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tablePrefix);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }
}
