package dev.jobs4j.store.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.tck.BackendReport;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * The MariaDB server that JOBS4J_TEST_MARIADB names, by way of either driver. Each JVM has a
 * database of its own there, which goes with it; without a server, suites and cases are skipped.
 */
enum MySqlDriver {
  MARIADB {
    @Override
    String url(String place) {
      return "jdbc:mariadb://" + place + "&sslMode=disable";
    }
  },
  CONNECTOR_J {
    @Override
    String url(String place) {
      return "jdbc:mysql://" + place + "&sslMode=DISABLED";
    }
  };

  private static final String GIVEN = System.getenv("JOBS4J_TEST_MARIADB");
  private static final String DATABASE =
      "jobs_test_" + UUID.randomUUID().toString().replace("-", "");
  private static boolean created; // guarded by the class

  /** The address of host, port, database and account. */
  abstract String url(String place);

  String url() {
    return url(DATABASE, port());
  }

  /** The same server by way of another port of this machine. */
  String urlThrough(int port) {
    return url(DATABASE, port);
  }

  private String url(String database, int port) {
    requireServer();
    createDatabase();
    URI server = server();
    return url(server.getHost() + ":" + port + "/" + database + "?" + server.getRawQuery());
  }

  int port() {
    requireServer();
    return server().getPort();
  }

  private static URI server() {
    return URI.create(GIVEN.substring("jdbc:".length()));
  }

  private static void requireServer() {
    assumeTrue(isGiven(), "runs where JOBS4J_TEST_MARIADB is set");
  }

  private static boolean isGiven() {
    return GIVEN != null && !GIVEN.isBlank();
  }

  /** Notes what a suite runs on; skips it where there is no server, and notes that. */
  void requireServer(Class<?> suite) {
    if (!isGiven()) {
      BackendReport.used(suite, "MariaDB", BackendReport.ABSENT);
    }
    BackendReport.used(suite, backend(), BackendReport.REAL);
  }

  /** What a suite ran on, with the version that the server says it has. */
  String backend() {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT VERSION()")) {
      row.next();
      return "MariaDB "
          + row.getString(1).replaceFirst("-.*", "")
          + (this == CONNECTOR_J ? " by Connector/J" : "");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static synchronized void createDatabase() {
    if (!created) {
      execute("CREATE DATABASE " + DATABASE);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> execute("DROP DATABASE " + DATABASE)));
      created = true;
    }
  }

  private static void execute(String sql) {
    String place = server().getSchemeSpecificPart().substring("//".length());
    try (Connection connection = DriverManager.getConnection(MARIADB.url(place));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }
}
