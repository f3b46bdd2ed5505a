package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Durability;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB 10.6 and later, MySQL 8.0.17 and later, both through either driver. No arrays, no
 * RETURNING, no partial index; a planner that may walk a small table rather than its key; locks on
 * what it walks. So rows are locked along a named index and written by key.
 */
final class MySqlDialect implements JdbcDialect {

  /** The folder of the schema files, one for both. */
  static final String FOLDER = "mysql";

  /** What a message has beside the payload: the words of a statement, the other columns. */
  private static final int WORDS = 64 * 1024;

  private final MySqlServer server;

  MySqlDialect(MySqlServer server) {
    this.server = server;
  }

  /** Of no server, for the words alone. */
  MySqlDialect(MySqlProduct product) {
    this(new MySqlServer(product, Integer.MAX_VALUE));
  }

  @Override
  public String name() {
    return server.product().scriptName();
  }

  @Override
  public String folder() {
    return FOLDER;
  }

  /** The start of the statement, in no session's time zone. */
  @Override
  public String now() {
    return "UTC_TIMESTAMP(6)";
  }

  /** The distance is bounded, not the sum: beyond the year 9999 there is none to compare. */
  @Override
  public String later(String now, String micros) {
    return ("(%1$s + INTERVAL LEAST(%2$s, TIMESTAMPDIFF(MICROSECOND, %1$s,"
            + " TIMESTAMP'9999-12-31 23:59:59.999999')) MICROSECOND)")
        .formatted(now, micros);
  }

  /** Before the year 1 it is NULL, and no time is less than that. */
  @Override
  public String earlier(String now, String micros) {
    return "(" + now + " - INTERVAL " + micros + " MICROSECOND)";
  }

  @Override
  public String microsSince(String column, String now) {
    return "TIMESTAMPDIFF(MICROSECOND, " + column + ", " + now + ")";
  }

  /** How soon a commit is on disk is a setting of the whole server. */
  @Override
  public @Nullable String durability(Durability durability) {
    return null;
  }

  /** Not for sure: semi-synchronous replication goes on alone when no replica answers in time. */
  @Override
  public boolean hasCopies(Connection connection) {
    return false;
  }

  /** MariaDB does not know the newer words for it, MySQL still knows these. */
  @Override
  public String shareLock() {
    return "LOCK IN SHARE MODE";
  }

  /** A caller's transaction is REPEATABLE READ unless told otherwise, and only a lock sees now. */
  @Override
  public String freshRead() {
    return "LOCK IN SHARE MODE";
  }

  /** A claim is several round trips here, and its process may be paused among them. */
  @Override
  public String fenceLock() {
    return "FOR UPDATE SKIP LOCKED";
  }

  @Override
  public String useIndex(String index) {
    return "FORCE INDEX (" + index + ")";
  }

  @Override
  public String typeVersion() {
    return "CONCAT(type, '#', type_version)";
  }

  @Override
  public String timestampType() {
    return "datetime(6)";
  }

  @Override
  public String tableOptions() {
    return "ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE "
        + server.product().collation();
  }

  @Override
  public Values values() {
    return new MySqlValues(maxPayload());
  }

  /** A driver that writes values into the statement may need two bytes for one of theirs. */
  @Override
  public int maxPayload() {
    return (int) Math.min(JdbcDialect.super.maxPayload(), room() / 2);
  }

  private long room() {
    return server.maxAllowedPacket() - WORDS;
  }

  @Override
  public RowInserts inserts(Sql sql) {
    return new MySqlInserts(sql, room());
  }

  @Override
  public Claims claims(Transactions transactions, Sql sql) {
    return new MySqlClaims(transactions, sql);
  }

  @Override
  public SettleStep settleStep(Sql sql, JdbcStoreOptions.History history) {
    return new KeyedSettleStep(sql, history);
  }

  @Override
  public SchemaLock lockSchema(Connection connection, String tablePrefix) throws SQLException {
    return MySqlSchemaLock.take(connection, tablePrefix);
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public Set<String> usableIndexes(Connection connection, JdbcStoreOptions options)
      throws SQLException {
    return MySqlTables.indexes(connection, options);
  }

  @Override
  public void checkTables(Connection connection, JdbcStoreOptions options) throws SQLException {
    MySqlTables.check(connection, options, this, server.product().collation());
  }
}
