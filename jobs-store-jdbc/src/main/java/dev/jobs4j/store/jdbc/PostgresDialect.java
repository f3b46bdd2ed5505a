package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Durability;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL 14 and later: claim and settle are one statement each, lists travel as arrays, and a
 * schema change is a transaction.
 */
final class PostgresDialect implements JdbcDialect {

  static final String NAME = "postgresql";

  private static final Logger log = LoggerFactory.getLogger(PostgresDialect.class);

  /** How many are found at once. */
  private static final int TENANTS = 32;

  @Override
  public String name() {
    return NAME;
  }

  /** Not clock_timestamp(): it is volatile, so an index could not be bounded by it. */
  @Override
  public String now() {
    return "statement_timestamp()";
  }

  @Override
  public String later(String now, String micros) {
    return "LEAST("
        + now
        + " + "
        + micros
        + " * interval '1 microsecond', timestamptz '9999-12-31 23:59:59.999999+00')";
  }

  @Override
  public String earlier(String now, String micros) {
    return "(" + now + " - " + micros + " * interval '1 microsecond')";
  }

  @Override
  public String microsSince(String column, String now) {
    return "CAST(date_part('epoch', " + now + " - " + column + ") * 1000000 AS bigint)";
  }

  /** For this transaction alone, whatever the database's default is. */
  @Override
  public @Nullable String durability(Durability durability) {
    return switch (durability) {
      case RELAXED -> "SET LOCAL synchronous_commit = off";
      case DEFAULT -> null;
      case MAJORITY -> "SET LOCAL synchronous_commit = on";
    };
  }

  @Override
  public boolean hasCopies(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
      return row.next() && !row.getString(1).isBlank();
    }
  }

  /** Conflicts with a delete alone: not with the update of a claim, nor with its row lock. */
  @Override
  public String shareLock() {
    return "FOR KEY SHARE";
  }

  /** Lets those be that name the row as their parent. */
  @Override
  public String rowLock() {
    return "FOR NO KEY UPDATE";
  }

  /** No index has the engine of a job, so that a claim need not write one. */
  @Override
  public String held() {
    return "{p}claim held CROSS JOIN unnest(held.jobs) AS member (id)"
        + " JOIN {p}job j ON j.id = member.id AND j.claim_id = held.id";
  }

  @Override
  public String holder() {
    return "held.engine";
  }

  @Override
  public String lockHeld() {
    return "FOR UPDATE OF j";
  }

  @Override
  public String forgetHeld() {
    return """
        DELETE FROM {p}claim AS c
         WHERE engine = ANY (?) AND NOT EXISTS (SELECT FROM {p}engine AS e WHERE e.id = c.engine)
        """;
  }

  @Override
  public String claimable(boolean suspect) {
    return "state = 'PENDING' AND block_reason IS NULL AND "
        + (suspect ? "suspect" : "NOT suspect");
  }

  @Override
  public String tenant() {
    return "(COALESCE(tenant, '') COLLATE \"C\")";
  }

  @Override
  public String lane() {
    return "suspect";
  }

  @Override
  public List<String> claimableParts() {
    return List.of(
        claimable(false) + " AND limits IS NULL",
        claimable(false) + " AND limits IS NOT NULL",
        claimable(true));
  }

  /** A jump for each tenant, which DISTINCT would not make; no more than are asked for. */
  @Override
  public String tenantsBehind(Shares shares) {
    return """
        WITH RECURSIVE tenants (%1$s, share) AS (
          (SELECT %1$s, {tenant} FROM {p}job
            WHERE %2$s AND {tenant} > ? ORDER BY {tenant} LIMIT 1)
          UNION ALL
          SELECT %1$s, (
              SELECT {tenant} FROM {p}job j WHERE %3$s AND {tenant} > t.share
               ORDER BY {tenant} LIMIT 1)
            FROM tenants t WHERE share IS NOT NULL
        )
        SELECT share, %4$s AS due FROM tenants t WHERE share IS NOT NULL LIMIT %5$d
        """
        .formatted(
            shares.columns(), shares.given(), shares.at("t"), shares.due("t", this), TENANTS);
  }

  @Override
  public Values values() {
    return new PostgresValues();
  }

  @Override
  public RowInserts inserts(Sql sql) {
    return new PostgresInserts(sql);
  }

  @Override
  public Claims claims(Transactions transactions, Sql sql) {
    return new PostgresClaims(transactions, sql);
  }

  @Override
  public SettleStep settleStep(Sql sql, JdbcStoreOptions.History history) {
    return new PostgresSettleStep(sql, history);
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  /** Not one that a CREATE INDEX CONCURRENTLY left behind when it failed. */
  @Override
  public Set<String> usableIndexes(Connection connection, JdbcStoreOptions options)
      throws SQLException {
    String prefix = options.schema() == null ? "" : options.schema() + ".";
    Set<String> names = new HashSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT lower(i.relname) FROM pg_class t
              JOIN pg_class n ON n.relnamespace = t.relnamespace
              JOIN pg_index x ON x.indrelid = n.oid
              JOIN pg_class i ON i.oid = x.indexrelid
             WHERE t.oid = to_regclass(?) AND x.indisvalid AND x.indisready
            """)) {
      statement.setString(1, prefix + options.tablePrefix() + "job");
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }

  @Override
  public Notices notices(
      Transactions transactions, Sql sql, JdbcStoreOptions options, Machine machine) {
    if (options.wakeUps() == JdbcStoreOptions.WakeUpMode.NEVER || !hasDriver()) {
      return Notices.NONE;
    }
    String channel =
        transactions.read("Naming the channel of notices", connection -> channel(connection, sql));
    PostgresNotices notices =
        new PostgresNotices(transactions, sql, channel, options.wakeUps(), machine);
    transactions.tellBy(notices);
    return notices;
  }

  /** Notices come through a class of its own, which another driver does not have. */
  private static boolean hasDriver() {
    try {
      Class.forName("org.postgresql.PGConnection", false, PostgresDialect.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      log.info(
          "The PostgreSQL JDBC driver (org.postgresql:postgresql) is not on the class path of"
              + " jobs-store-jdbc, engines learn of each other's jobs by polling");
      return false;
    }
  }

  /**
   * The same for all who work on these tables, however they come to them, and for nobody else: by
   * their prefix and by the schema that they are found in.
   */
  static String channel(Connection connection, Sql sql) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT ? || 'wake_' || left(md5(COALESCE(
                     (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                       WHERE c.oid = to_regclass(?)), current_schema())), 8)
            """)) {
      statement.setString(1, sql.of("{n}"));
      statement.setString(2, sql.of("{p}job"));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  @Override
  public SchemaLock lockSchema(Connection connection, String tablePrefix) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      lock.setString(1, "jobs4j schema " + tablePrefix);
      lock.execute();
    }
    return SchemaLock.WITH_TRANSACTION;
  }
}
