package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Durability;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * H2 2.2.220 and later. It has no RETURNING for several tables at once, so claim and settle lock
 * rows first and write them by key, in one transaction.
 */
final class H2Dialect implements JdbcDialect {

  static final String NAME = "h2";

  /** Whether the database lives in this JVM, so that nobody else looks after its tables. */
  static boolean isEmbedded(String url) {
    return url.startsWith("jdbc:h2:")
        && !url.startsWith("jdbc:h2:tcp:")
        && !url.startsWith("jdbc:h2:ssl:");
  }

  @Override
  public String name() {
    return NAME;
  }

  /** The start of the transaction, which is never later than the time that was meant. */
  @Override
  public String now() {
    return "CURRENT_TIMESTAMP(6)";
  }

  @Override
  public String later(String now, String micros) {
    return "LEAST(DATEADD(MICROSECOND, CAST("
        + micros
        + " AS BIGINT), "
        + now
        + "), TIMESTAMP WITH TIME ZONE '9999-12-31 23:59:59.999999+00:00')";
  }

  @Override
  public String earlier(String now, String micros) {
    return "DATEADD(MICROSECOND, -CAST(" + micros + " AS BIGINT), " + now + ")";
  }

  @Override
  public String microsSince(String column, String now) {
    return "DATEDIFF(MICROSECOND, " + column + ", " + now + ")";
  }

  /** How soon a commit is on disk is a setting of the whole database (WRITE_DELAY). */
  @Override
  public @Nullable String durability(Durability durability) {
    return null;
  }

  @Override
  public boolean hasCopies(Connection connection) {
    return false;
  }

  @Override
  public String shareLock() {
    return "FOR UPDATE";
  }

  /** It does not know that a column is the same in all rows. */
  @Override
  public String along(String columns) {
    return columns + ", ";
  }

  /** It enters an index at what is not less, and would read all jobs of the one before. */
  @Override
  public String isBehind() {
    return "share >= ? || CHAR(0)";
  }

  @Override
  public Values values() {
    return new ArrayValues();
  }

  @Override
  public RowInserts inserts(Sql sql) {
    return new H2Inserts(sql);
  }

  @Override
  public Claims claims(Transactions transactions, Sql sql) {
    return new H2Claims(transactions, sql);
  }

  @Override
  public SettleStep settleStep(Sql sql, JdbcStoreOptions.History history) {
    return new KeyedSettleStep(sql, history);
  }

  /** Does nothing: H2 commits with each change of the schema, so its files may be run by two. */
  @Override
  public SchemaLock lockSchema(Connection connection, String tablePrefix) {
    return SchemaLock.WITH_TRANSACTION;
  }
}
