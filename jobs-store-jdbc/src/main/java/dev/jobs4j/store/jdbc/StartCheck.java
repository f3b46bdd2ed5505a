package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once, at the start, at what makes a store slow or silent without an error: an index that
 * somebody dropped or that was never finished, a claim that reads or sorts the whole table, and
 * connections that would wait for ever for a server that vanished. It warns and stops nobody.
 */
final class StartCheck {

  private static final Logger log = LoggerFactory.getLogger(StartCheck.class);

  private static final Pattern INDEX =
      Pattern.compile(
          "CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?(\\w+)\\s+ON (\\S+).*", Pattern.DOTALL);
  private static final Pattern TABLE = Pattern.compile("CREATE TABLE (?:IF NOT EXISTS )?(\\S+)");
  private static final Pattern KEY =
      Pattern.compile("^ *((?:UNIQUE )?KEY (\\w+) \\([^)]*\\)),?$", Pattern.MULTILINE);

  private final Transactions transactions;
  private final JdbcDialect dialect;
  private final JdbcStoreOptions options;
  private final Sql sql;

  StartCheck(Transactions transactions, JdbcDialect dialect, JdbcStoreOptions options, Sql sql) {
    this.transactions = transactions;
    this.dialect = dialect;
    this.options = options;
    this.sql = sql;
  }

  /** Warns of what it finds. */
  void run(Claims claims) {
    try {
      transactions.transaction(
          "Looking at the tables",
          connection -> {
            warnOfSilence(connection);
            warnOfIndexes(connection);
            return true;
          });
      List<String> troubles =
          transactions.transaction("Looking at the plan of a claim", claims::planTroubles);
      if (!troubles.isEmpty()) {
        log.warn(
            "The plan of a claim is bad, {}: compare the indexes of {}job with those of the schema"
                + " file (SchemaMigrator.script(\"{}\")), and ANALYZE it",
            String.join(", ", troubles),
            sql.of("{p}"),
            dialect.name());
      }
    } catch (StoreException e) {
      log.warn("The tables could not be looked at, goes on without: {}", e.getMessage());
      log.debug("Why", e);
    }
  }

  private void warnOfSilence(Connection connection) throws SQLException {
    if (dialect.isRemote() && connection.getNetworkTimeout() == 0) {
      log.warn(
          "Connections have no network timeout, so a server that vanishes without a word is waited"
              + " for as long as the system does: set socketTimeout (some times the longest"
              + " statement) and tcpKeepAlive=true in the JDBC URL");
    }
  }

  private void warnOfIndexes(Connection connection) throws SQLException {
    Set<String> usable = dialect.usableIndexes(connection, options);
    if (usable.isEmpty()) {
      return; // a database that does not tell
    }
    declared()
        .forEach(
            (index, statement) -> {
              if (!usable.contains(index.toLowerCase(Locale.ROOT))) {
                log.warn(
                    "An index is missing or not valid, statements read, sort or lock more than they"
                        + " should: index={}, made by: {}",
                    index,
                    statement);
              }
            });
  }

  /** The indexes of the schema files, each with what makes it. */
  private SortedMap<String, String> declared() {
    SortedMap<String, String> indexes = new TreeMap<>();
    for (SchemaFile file : SchemaFile.of(dialect)) {
      for (String statement : file.statements(sql)) {
        Matcher index = INDEX.matcher(statement);
        Matcher table = TABLE.matcher(statement);
        if (index.matches()) {
          indexes.put(index.group(1), statement.replaceAll("\\s+", " "));
        } else if (table.lookingAt()) {
          KEY.matcher(statement)
              .results()
              .forEach(
                  key ->
                      indexes.put(
                          key.group(2), "ALTER TABLE " + table.group(1) + " ADD " + key.group(1)));
        }
      }
    }
    return indexes;
  }
}
