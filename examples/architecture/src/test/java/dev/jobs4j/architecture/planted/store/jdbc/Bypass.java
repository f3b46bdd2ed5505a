package dev.jobs4j.architecture.planted.store.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Each way to a connection past those who run a victim again. */
class Bypass {
  private Bypass() {}

  static class OfThePool {
    static final String VIOLATES = "12";

    Connection run(DataSource pool) throws SQLException {
      return pool.getConnection();
    }
  }

  static class OfTheDriver {
    static final String VIOLATES = "12";

    Connection run() throws SQLException {
      return DriverManager.getConnection("jdbc:h2:mem:planted");
    }
  }
}
