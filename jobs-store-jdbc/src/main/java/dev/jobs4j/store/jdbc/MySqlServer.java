package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server of the MySQL family says of itself to a session.
 *
 * @param maxAllowedPacket the bytes of the longest message that it takes
 */
record MySqlServer(MySqlProduct product, long maxAllowedPacket) {

  /** The shortest message that the schema and the statements of this store need. */
  private static final long LEAST_PACKET = 1 << 20;

  /**
   * Asks the server behind {@code connection}.
   *
   * @throws InvalidJobException if jobs could not be kept there; names what to set
   */
  static MySqlServer of(Connection connection) throws SQLException {
    return of(variables(connection));
  }

  /** The same of what it answered, by name in lower case. */
  static MySqlServer of(Map<String, String> variables) {
    MySqlProduct product = MySqlProduct.of(variables.getOrDefault("version", ""));
    requireStrict(variables.getOrDefault("sql_mode", ""));
    if (isOn(variables.get("log_bin")) && "STATEMENT".equals(variables.get("binlog_format"))) {
      throw new InvalidJobException(
          "The server replicates by statement and then refuses every change that is READ COMMITTED"
              + " (error 1665): set binlog_format to ROW or MIXED");
    }
    long packet = Long.parseLong(variables.getOrDefault("max_allowed_packet", "0"));
    if (packet < LEAST_PACKET) {
      throw new InvalidJobException(
          "max_allowed_packet is " + packet + " bytes, it must be at least " + LEAST_PACKET);
    }
    return new MySqlServer(product, packet);
  }

  /** Without it a text that is too long is cut in silence, and so are keys. */
  private static void requireStrict(String sqlMode) {
    String mode = sqlMode.toUpperCase(Locale.ROOT);
    if (!mode.contains("STRICT_TRANS_TABLES") && !mode.contains("STRICT_ALL_TABLES")) {
      throw new InvalidJobException(
          "Sessions are not strict and would cut what does not fit: add STRICT_TRANS_TABLES to"
              + " sql_mode, at the server or in the URL"
              + " (sessionVariables=sql_mode='STRICT_TRANS_TABLES'), was \""
              + sqlMode
              + "\"");
    }
  }

  private static boolean isOn(@Nullable String value) {
    return "ON".equals(value) || "1".equals(value);
  }

  /** By SHOW, because asking for a variable that a version does not have is an error. */
  private static Map<String, String> variables(Connection connection) throws SQLException {
    Map<String, String> variables = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SHOW VARIABLES WHERE Variable_name IN"
                    + " ('version', 'sql_mode', 'log_bin', 'binlog_format', 'max_allowed_packet')")) {
      while (row.next()) {
        variables.put(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2));
      }
    }
    return variables;
  }
}
