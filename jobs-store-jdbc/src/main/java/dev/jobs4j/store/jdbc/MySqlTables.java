package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Looks whether the tables are still what their file made them: others convert whole databases from
 * one collation to another, and a server may put another engine in the place of one that it lacks.
 */
final class MySqlTables {

  private static final Pattern CREATED = Pattern.compile("CREATE TABLE IF NOT EXISTS \\{p}(\\w+)");

  private static final String ENGINES =
      """
      SELECT table_name, engine FROM information_schema.tables
       WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?
         AND (engine IS NULL OR engine <> 'InnoDB')
      """;
  private static final String COLLATIONS =
      """
      SELECT column_name, collation_name FROM information_schema.columns
       WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?
         AND collation_name IS NOT NULL AND collation_name <> ?
      """;

  private static final String INDEXES =
      """
      SELECT DISTINCT LOWER(index_name) FROM information_schema.statistics
       WHERE table_schema = COALESCE(?, DATABASE()) AND LEFT(table_name, CHAR_LENGTH(?)) = ?
      """;

  private MySqlTables() {}

  /** The names of the indexes of all tables. */
  static Set<String> indexes(Connection connection, JdbcStoreOptions options) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (PreparedStatement statement = connection.prepareStatement(INDEXES)) {
      statement.setString(1, options.schema());
      statement.setString(2, options.tablePrefix());
      statement.setString(3, options.tablePrefix());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }

  private static Set<String> tables(JdbcStoreOptions options, JdbcDialect dialect) {
    Set<String> tables = new TreeSet<>();
    for (SchemaFile file : SchemaFile.of(dialect)) {
      CREATED
          .matcher(file.text())
          .results()
          .forEach(created -> tables.add(options.tablePrefix() + created.group(1)));
    }
    return tables;
  }

  /**
   * Checks every table that is there.
   *
   * @throws InvalidJobException if one is not transactional or takes texts that differ for equal
   */
  static void check(
      Connection connection, JdbcStoreOptions options, JdbcDialect dialect, String collation)
      throws SQLException {
    try (PreparedStatement engines = connection.prepareStatement(ENGINES);
        PreparedStatement collations = connection.prepareStatement(COLLATIONS)) {
      for (String table : tables(options, dialect)) {
        engines.setString(1, options.schema());
        engines.setString(2, table);
        try (ResultSet row = engines.executeQuery()) {
          if (row.next()) {
            throw new InvalidJobException(
                "Table %s has the engine %s, which has no transactions: ALTER TABLE %s ENGINE=InnoDB"
                    .formatted(table, row.getString(2), table));
          }
        }
        collations.setString(1, options.schema());
        collations.setString(2, table);
        collations.setString(3, collation);
        try (ResultSet row = collations.executeQuery()) {
          if (row.next()) {
            throw new InvalidJobException(
                ("Column %s of table %s compares by %s, which takes texts that differ for equal:"
                        + " ALTER TABLE %s CONVERT TO CHARACTER SET utf8mb4 COLLATE %s")
                    .formatted(row.getString(1), table, row.getString(2), table, collation));
          }
        }
      }
    }
  }
}
