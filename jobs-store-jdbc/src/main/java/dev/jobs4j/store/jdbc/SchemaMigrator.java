package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and checks the tables, from numbered SQL files that only go forward. What has run is
 * written down, with a checksum, in the table {@code <prefix>schema}. Thread-safe; nodes that start
 * at once may all migrate.
 */
public final class SchemaMigrator {

  private static final Logger log = LoggerFactory.getLogger(SchemaMigrator.class);

  /** Where a database commits with each change of the schema, two nodes may trip each other up. */
  private static final int TRIES = 10;

  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS {p}schema (
        version      integer      PRIMARY KEY,
        script       varchar(200) NOT NULL,
        checksum     varchar(64)  NOT NULL,
        runs_from    integer      NOT NULL,
        installed_at {timestamp}  NOT NULL
      ) {options}
      """;
  private static final String READ =
      "SELECT version, checksum, runs_from FROM {p}schema ORDER BY version";
  private static final String NOTE =
      """
      INSERT INTO {p}schema (version, script, checksum, runs_from, installed_at)
      VALUES (?, ?, ?, ?, {now})
      """;

  private record Installed(String checksum, int runsFrom) {}

  private final Transactions transactions;
  private final JdbcStoreOptions options;
  private final JdbcDialect dialect;
  private final Sql sql;
  private final List<SchemaFile> files;

  SchemaMigrator(Transactions transactions, JdbcDialect dialect, JdbcStoreOptions options) {
    this.transactions = transactions;
    this.options = options;
    this.dialect = dialect;
    sql = Sql.of(options, dialect, dialect.now());
    files = SchemaFile.of(dialect);
  }

  /**
   * A migrator for the tables that {@code options} name in the database behind {@code dataSource}.
   *
   * @throws InvalidJobException if the database is not supported
   * @throws StoreException if it cannot be reached
   */
  public static SchemaMigrator of(DataSource dataSource, JdbcStoreOptions options) {
    Transactions transactions = new Transactions(dataSource);
    JdbcDialect dialect = transactions.read("Opening", JdbcDialect::of);
    return new SchemaMigrator(transactions, dialect, options);
  }

  /**
   * All of the schema as plain SQL with the default names, for those who run it by other means; a
   * store that validates accepts it.
   *
   * @param database {@code postgresql}, {@code mariadb}, {@code mysql} or {@code h2}
   */
  public static String script(String database) {
    return script(database, JdbcStoreOptions.defaults());
  }

  /** The same with the names that {@code options} set. */
  public static String script(String database, JdbcStoreOptions options) {
    JdbcDialect dialect = JdbcDialect.named(database);
    Sql sql = Sql.of(options, dialect, dialect.now());
    StringBuilder script = new StringBuilder(sql.of(CREATE).strip()).append(";\n");
    for (SchemaFile file : SchemaFile.of(dialect)) {
      script
          .append("\n")
          .append(sql.of(file.text()).strip())
          .append("\n\n")
          .append(
              sql.of(
                      """
                      INSERT INTO {p}schema (version, script, checksum, runs_from, installed_at)
                      VALUES (%d, '%s', '%s', %d, {now});
                      """)
                  .formatted(file.version(), file.path(), file.checksum(), file.runsFrom()));
    }
    return script.toString();
  }

  /**
   * Does what the mode says.
   *
   * @throws InvalidJobException if the tables are not as they should be; names the setting and the
   *     file to mend it with
   * @throws StoreException if the database refused
   */
  public void run() {
    SchemaMode mode = options.schemaMode();
    if (mode == SchemaMode.AUTO) {
      boolean embedded =
          transactions.read("Opening", c -> H2Dialect.isEmbedded(c.getMetaData().getURL()));
      mode = embedded ? SchemaMode.MIGRATE : SchemaMode.VALIDATE;
    }
    switch (mode) {
      case MIGRATE -> migrate();
      case VALIDATE -> validate();
      default -> log.debug("Tables are not looked at: schemaMode={}", mode);
    }
  }

  /** Creates the tables or brings them up to date; errors are those of {@link #run}. */
  public void migrate() {
    for (int tries = 1; ; tries++) {
      try {
        int ran = transactions.transaction("Migrating the schema", this::migrate);
        if (ran > 0) {
          log.info("Schema is up to date: version={} filesRun={}", files.size(), ran);
        }
        return;
      } catch (StoreException e) {
        if (tries == TRIES
            || !(e.getCause() instanceof SQLException cause)
            || SqlErrors.isConnectionLost(cause)) {
          throw new StoreException(
              e.getMessage()
                  + "; without the right to create tables set schemaMode to VALIDATE and run "
                  + files.get(files.size() - 1).path(),
              Certainty.NOT_DONE,
              e);
        }
        log.debug("Another node migrates, looks again: try={}", tries, e);
      }
    }
  }

  private int migrate(Connection connection) throws SQLException {
    try (SchemaLock lock = dialect.lockSchema(connection, sql.of("{p}"))) {
      execute(connection, sql.of(CREATE));
      SortedMap<Integer, Installed> installed = read(connection);
      requireUnaltered(installed);
      int ran = 0;
      for (SchemaFile file : files) {
        if (!installed.containsKey(file.version())) {
          for (String statement : file.statements(sql)) {
            execute(connection, statement);
          }
          note(connection, file);
          ran++;
        }
      }
      dialect.checkTables(connection, options);
      return ran;
    }
  }

  /** Checks the tables and changes nothing; errors are those of {@link #run}. */
  public void validate() {
    SortedMap<Integer, Installed> installed =
        transactions.read("Validating the schema", this::readIfThere);
    SchemaFile newest = files.get(files.size() - 1);
    if (installed.isEmpty()) {
      throw refused("There are no tables with prefix \"" + sql.of("{p}") + "\"", newest);
    }
    requireUnaltered(installed);
    for (SchemaFile file : files) {
      if (!installed.containsKey(file.version())) {
        throw refused("The tables lack version " + file.version(), file);
      }
    }
    transactions.read(
        "Validating the schema",
        connection -> {
          dialect.checkTables(connection, options);
          return true;
        });
  }

  private void requireUnaltered(SortedMap<Integer, Installed> installed) {
    for (SchemaFile file : files) {
      Installed found = installed.get(file.version());
      if (found != null && !found.checksum().equals(file.checksum())) {
        throw new InvalidJobException(
            "The tables were made with another "
                + file.path()
                + " than this library has: compare them, then mend its checksum in "
                + sql.of("{p}schema")
                + ", or set schemaMode to NONE");
      }
    }
    int known = files.size();
    installed
        .tailMap(known + 1)
        .forEach(
            (version, found) -> {
              if (found.runsFrom() > known) {
                throw new InvalidJobException(
                    "The tables have version "
                        + version
                        + ", which this library with "
                        + files.get(known - 1).path()
                        + " cannot work with: update the library, or set schemaMode to NONE");
              }
            });
  }

  private InvalidJobException refused(String what, SchemaFile file) {
    return new InvalidJobException(
        what
            + ": run "
            + file.path()
            + " (SchemaMigrator.script(\""
            + dialect.name()
            + "\") gives it as plain SQL), or set schemaMode to MIGRATE");
  }

  private SortedMap<Integer, Installed> readIfThere(Connection connection) throws SQLException {
    try {
      return read(connection);
    } catch (SQLException e) {
      if (SqlErrors.isMissingTable(e)) {
        return new TreeMap<>();
      }
      throw e;
    }
  }

  private SortedMap<Integer, Installed> read(Connection connection) throws SQLException {
    SortedMap<Integer, Installed> installed = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.of(READ));
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        installed.put(
            row.getInt("version"),
            new Installed(row.getString("checksum"), row.getInt("runs_from")));
      }
    }
    return installed;
  }

  private void note(Connection connection, SchemaFile file) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.of(NOTE))) {
      statement.setInt(1, file.version());
      statement.setString(2, file.path());
      statement.setString(3, file.checksum());
      statement.setInt(4, file.runsFrom());
      statement.executeUpdate();
    }
  }

  private static void execute(Connection connection, String statement) throws SQLException {
    try (Statement plain = connection.createStatement()) {
      plain.execute(statement);
    }
  }
}
