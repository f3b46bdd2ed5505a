package dev.jobs4j.store.jdbc;

import java.util.Map;

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
 *   <li>{@code {age}}: how long ago {@code created_at} was, in microseconds
 *   <li>{@code {share}}: a row lock that keeps the row from going, and a claim from nothing if the
 *       database knows such a lock
 * </ul>
 */
record Sql(Map<String, String> places, Values values) {

  static Sql of(JdbcStoreOptions options, JdbcDialect dialect, String now) {
    String schema = options.schema() == null ? "" : options.schema() + ".";
    return new Sql(
        Map.of(
            "{p}", schema + options.tablePrefix(),
            "{n}", options.tablePrefix(),
            "{now}", now,
            "{now+?}", dialect.later(now, "?"),
            "{now+lease_micros}", dialect.later(now, "lease_micros"),
            "{now-?}", dialect.earlier(now, "?"),
            "{age}", dialect.microsSince("created_at", now),
            "{share}", dialect.shareLock()),
        dialect.values());
  }

  /** The statement with its places filled, to be called with values of whatever database. */
  Command command(String statement) {
    return new Command(of(statement), values);
  }

  /** The statement with its places filled. */
  String of(String statement) {
    String sql = statement;
    for (Map.Entry<String, String> place : places.entrySet()) {
      sql = sql.replace(place.getKey(), place.getValue());
    }
    return sql;
  }
}
