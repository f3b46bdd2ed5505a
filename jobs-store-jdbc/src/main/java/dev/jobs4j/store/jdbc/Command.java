package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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

  /** Runs it once for each item, in as few round trips as the driver can; it has no lists. */
  <T> void batch(Connection connection, Collection<T> items, BiConsumer<Call, T> parameters)
      throws SQLException {
    if (items.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      for (T item : items) {
        Call call = on(connection);
        parameters.accept(call, item);
        call.bind(statement);
        statement.addBatch();
      }
      statement.executeBatch();
    }
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
