package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobTransaction;
import java.sql.Connection;
import java.util.function.Consumer;

/** The caller's open transaction, and how to learn of its commit. */
record JdbcTransaction(Connection connection, Consumer<Runnable> hook) implements JobTransaction {

  @Override
  public void afterCommit(Runnable action) {
    hook.accept(action);
  }
}
