package dev.jobs4j.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Finds who has jobs due, by jumps along an index from tenant to tenant: of each the first job at
 * each level is looked at, and no other.
 */
final class Tenants {

  private final List<Command> parts;

  Tenants(Sql sql, Shares... shares) {
    parts =
        Arrays.stream(shares).map(part -> sql.command(sql.dialect().tenantsBehind(part))).toList();
  }

  /**
   * The next tenants behind one, with whether they have a job due; none only if there are none.
   * Each part may know less far than the others: what is behind the nearest end is left out.
   */
  NavigableMap<String, Boolean> behind(Connection connection, List<String> where, String tenant)
      throws SQLException {
    NavigableMap<String, Boolean> found = new TreeMap<>();
    String end = null;
    for (Command part : parts) {
      NavigableMap<String, Boolean> some = behind(part.on(connection), where, tenant);
      some.forEach((name, due) -> found.merge(name, due, Boolean::logicalOr));
      if (!some.isEmpty() && (end == null || some.lastKey().compareTo(end) < 0)) {
        end = some.lastKey();
      }
    }
    return end == null ? found : found.headMap(end, true);
  }

  private static NavigableMap<String, Boolean> behind(Call call, List<String> where, String tenant)
      throws SQLException {
    where.forEach(call::text);
    call.text(tenant);
    NavigableMap<String, Boolean> some = new TreeMap<>();
    call.each(row -> some.put(row.text("share"), row.flag("due")));
    return some;
  }
}
