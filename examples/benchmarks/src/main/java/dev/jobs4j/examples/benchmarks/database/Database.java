package dev.jobs4j.examples.benchmarks.database;

import java.sql.SQLException;
import java.util.Map;

/** A database server of one run, as durable as in production. */
public interface Database extends AutoCloseable {

  /** Product, version and the settings that matter, on one line. */
  String about() throws SQLException;

  /** A place of its own for the tables of one contestant, empty. */
  Area open(String name) throws SQLException;

  /**
   * What the server has counted since its start, by name; a difference of two is what lies between.
   * Empty where a server counts nothing.
   */
  Map<String, Double> counts() throws SQLException;

  /** Whether the server counts statements from here on, where that costs something. */
  void countStatements(boolean on) throws SQLException;

  /** Writes out what is dirty, so that no checkpoint falls into a measurement by chance. */
  default void checkpoint() throws SQLException {}

  /** How many sessions wait for a lock at this moment, where the server tells. */
  default long waitingForLocks() throws SQLException {
    return 0;
  }

  @Override
  void close() throws Exception;

  /** The products that can be measured on. */
  enum Product {
    POSTGRESQL,
    MARIADB,
    H2
  }
}
