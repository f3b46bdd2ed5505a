package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A statement that is the same for every database, but for how its values travel. Parameters are
 * given in the order of their places; a list is one of them, whatever a database makes of it.
 */
final class Command {

  /** How a list is written in a statement. */
  static final String LIST = "= ANY (?)";

  private final String text;
  private final Values values;

  Command(String text, Values values) {
    this.text = text;
    this.values = values;
  }

  /** Begins to gather the parameters of one execution. */
  Call on(Connection connection) {
    return new Call(connection, this, values);
  }

  /** Runs it once for each item, in as few round trips as the driver can. */
  <T> void batch(Connection connection, Collection<T> items, BiConsumer<Call, T> parameters)
      throws SQLException {
    List<Call> calls = new ArrayList<>();
    for (T item : items) {
      Call call = on(connection);
      parameters.accept(call, item);
      calls.add(call);
    }
    if (calls.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = calls.get(0).prepare()) {
      for (Call call : calls) {
        call.bind(statement);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Runs a DELETE of rows that a list of keys names: at once, or key by key where a planner cannot
   * be held to the keys of a DELETE.
   */
  <T> void delete(
      Connection connection, Collection<T> keys, BiConsumer<Call, Collection<T>> parameters)
      throws SQLException {
    Collection<? extends Collection<T>> parts =
        values.deletesOneByOne() ? keys.stream().map(List::of).toList() : List.of(keys);
    batch(connection, parts, parameters::accept);
  }

  /** The statement for lists of so many values. */
  String text(List<Integer> sizes) {
    StringBuilder filled = new StringBuilder(text);
    int at = 0;
    for (int size : sizes) {
      at = filled.indexOf(LIST, at);
      String words = values.anyOf(size);
      filled.replace(at, at + LIST.length(), words);
      at += words.length();
    }
    return filled.toString();
  }
}
