package dev.jobs4j.store.jdbc;

import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds rows to a PostgreSQL statement, column by column. */
interface Columns<R> {

  /** Binds the next column: its type by its name in PostgreSQL, and what a row has there. */
  void add(String type, Function<R, @Nullable Object> column) throws SQLException;

  /**
   * The same for what is mostly the same in all rows: a null in a later row may stand for what the
   * first one has there.
   */
  default void addSame(String type, Function<R, @Nullable Object> column) throws SQLException {
    add(type, column);
  }
}
