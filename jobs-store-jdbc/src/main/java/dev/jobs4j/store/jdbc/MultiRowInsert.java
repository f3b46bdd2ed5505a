package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * Many rows in one statement, for databases that say neither which rows they inserted nor which
 * they refused. A refused statement leaves nothing behind and does not end its transaction, so each
 * half is then tried by itself, down to the row that is there already. The numbers of rows are
 * powers of two, so that few texts are prepared.
 *
 * @param head the statement up to its first row
 * @param row the places of one row
 * @param parameters fills those places
 * @param bytes about how long a row is on its way to the server
 * @param maxBytes the longest statement, unless a single row is longer
 */
record MultiRowInsert<R>(
    String head,
    String row,
    Values values,
    BiConsumer<Call, R> parameters,
    ToLongFunction<R> bytes,
    long maxBytes) {

  private static final int MOST_ROWS = 256;

  /** Inserts the rows whose keys are not there yet; returns those. */
  List<R> insert(Connection connection, List<R> rows) throws SQLException {
    List<R> inserted = new ArrayList<>(rows.size());
    int at = 0;
    while (at < rows.size()) {
      int count = fitting(rows.subList(at, rows.size()));
      insert(connection, rows.subList(at, at + count), inserted);
      at += count;
    }
    return inserted;
  }

  /** As many of the next rows as one statement takes: a power of two, at least one. */
  private int fitting(List<R> next) {
    int count = 1;
    long size = bytes.applyAsLong(next.get(0));
    while (count * 2 <= Math.min(next.size(), MOST_ROWS)) {
      for (R more : next.subList(count, count * 2)) {
        size += bytes.applyAsLong(more);
      }
      if (size > maxBytes) {
        break;
      }
      count *= 2;
    }
    return count;
  }

  private void insert(Connection connection, List<R> rows, List<R> inserted) throws SQLException {
    String text = head + row + (", " + row).repeat(rows.size() - 1);
    Call call = new Command(text, values).on(connection);
    rows.forEach(each -> parameters.accept(call, each));
    try {
      call.update();
      inserted.addAll(rows);
    } catch (SQLException e) {
      if (!SqlErrors.isDuplicate(e)) {
        throw e;
      }
      if (rows.size() > 1) {
        insert(connection, rows.subList(0, rows.size() / 2), inserted);
        insert(connection, rows.subList(rows.size() / 2, rows.size()), inserted);
      }
    }
  }
}
