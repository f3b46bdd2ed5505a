package dev.jobs4j.store.jdbc;

import java.sql.SQLException;

/** Keeps other nodes from migrating the same tables until it is closed. */
interface SchemaLock extends AutoCloseable {

  /** Of a database that gives it back with the transaction, or needs none. */
  SchemaLock WITH_TRANSACTION = () -> {};

  @Override
  void close() throws SQLException;
}
