package dev.jobs4j.store.jdbc;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Completes statements, once, when the store is built. A statement is written whole, with these
 * places:
 *
 * <ul>
 *   <li>{@code {p}}: the prefix of a table, with the schema before it if one is set
 *   <li>{@code {n}}: the prefix alone, for names that cannot carry a schema
 *   <li>{@code {now}}: the store's clock
 *   <li>{@code {now+?}}, {@code {now-?}}, {@code {now+lease_micros}}: that, moved by a parameter or
 *       a column in microseconds
 *   <li>{@code {age}}, {@code {since expires_at}}: how long ago a row was written or a lease ended,
 *       in microseconds
 *   <li>{@code {share}}: a row lock that keeps the row from going, and a claim from nothing if the
 *       database knows such a lock
 *   <li>{@code {lock}}: a row lock for a change that leaves the row's key alone
 *   <li>{@code {fresh}}: makes a read see what is committed by now, in a caller's transaction too
 *   <li>{@code {fence}}: the lock under which an engine is fenced
 *   <li>{@code {use PRIMARY}}, {@code {use job_claim}}: the way to the rows, where a planner has to
 *       be told it because a lock falls on whatever is met on the way; an index without its prefix
 *   <li>{@code {claimable}}, {@code {claimable suspect}}: whether a row waits for nothing; {@code
 *       {lane}}: the column that has the two apart; {@code {tenant}}: on whose behalf a row runs;
 *       {@code {type_version}}: what it is
 *   <li>{@code {timestamp}}, {@code {options}}: in schema files, the type of a time, and how a
 *       table is stored
 * </ul>
 */
final class Sql {

  private static final Pattern USE = Pattern.compile("\\{use (\\w+)}");
  private static final String PRIMARY = "PRIMARY";

  private final Map<String, String> places = new HashMap<>();
  private final JdbcDialect dialect;
  private final String prefix;

  private Sql(JdbcStoreOptions options, JdbcDialect dialect, String now) {
    this.dialect = dialect;
    prefix = options.tablePrefix();
    places.put("{p}", (options.schema() == null ? "" : options.schema() + ".") + prefix);
    places.put("{n}", prefix);
    places.put("{now}", now);
    places.put("{now+?}", dialect.later(now, "?"));
    places.put("{now+lease_micros}", dialect.later(now, "lease_micros"));
    places.put("{now-?}", dialect.earlier(now, "?"));
    places.put("{since expires_at}", dialect.microsSince("expires_at", now));
    places.put("{age}", dialect.microsSince("created_at", now));
    places.put("{share}", dialect.shareLock());
    places.put("{lock}", dialect.rowLock());
    places.put("{fresh}", dialect.freshRead());
    places.put("{type_version}", dialect.typeVersion());
    places.put("{claimable}", dialect.claimable(false));
    places.put("{claimable suspect}", dialect.claimable(true));
    places.put("{tenant}", dialect.tenant());
    places.put("{lane}", dialect.lane());
    places.put("{fence}", dialect.fenceLock());
    places.put("{timestamp}", dialect.timestampType());
    places.put("{options}", dialect.tableOptions());
  }

  static Sql of(JdbcStoreOptions options, JdbcDialect dialect, String now) {
    return new Sql(options, dialect, now);
  }

  JdbcDialect dialect() {
    return dialect;
  }

  Values values() {
    return dialect.values();
  }

  int maxPayload() {
    return dialect.maxPayload();
  }

  /** The statement with its places filled, to be called with values of whatever database. */
  Command command(String statement) {
    return new Command(of(statement), dialect.values());
  }

  /** The statement with its places filled. */
  String of(String statement) {
    String sql =
        USE.matcher(
                statement
                    .replace("{held}", dialect.held())
                    .replace("{holder}", dialect.holder())
                    .replace("{lock held}", dialect.lockHeld()))
            .replaceAll(use -> Matcher.quoteReplacement(dialect.useIndex(index(use.group(1)))));
    for (Map.Entry<String, String> place : places.entrySet()) {
      sql = sql.replace(place.getKey(), place.getValue());
    }
    return sql;
  }

  private String index(String name) {
    return name.equals(PRIMARY) ? name : prefix + name;
  }
}
