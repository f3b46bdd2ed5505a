package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobTransaction;
import java.sql.Connection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The caller's open transaction, and how to learn of its commit; null if nobody can tell. */
record JdbcTransaction(Connection connection, @Nullable Consumer<Runnable> hook)
    implements JobTransaction {

  boolean tellsOfCommit() {
    return hook != null;
  }

  @Override
  public void afterCommit(Runnable action) {
    if (hook != null) {
      hook.accept(action);
    }
  }
}
