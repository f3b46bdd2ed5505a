package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.FairTurn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds due jobs of the tenants whose turn comes next, among those that wait for nothing or for one
 * key. Tenants are found by jumps along an index from the one whose turn it is, so a claim costs by
 * what it takes and not by how much is waiting.
 */
final class TurnFeed {

  private static final int LEVELS = Priority.values().length;

  private final Tenants free;
  private final Tenants waiting;
  private final Command anyDue;
  private final int parts;
  private final Command lookFree;
  private final Command lookWaiting;
  private final Command lock;

  TurnFeed(Sql sql) {
    free = new Tenants(sql, Shares.FREE, Shares.SUSPECT);
    waiting = new Tenants(sql, Shares.WAITING);
    parts = sql.dialect().claimableParts().size();
    List<String> dues = new ArrayList<>();
    List<String> looks = new ArrayList<>();
    List<String> waits = new ArrayList<>();
    for (Priority level : Priority.values()) {
      sql.dialect().claimableParts().forEach(part -> dues.add(dueAt(part, level)));
      looks.add(lookAt(sql.dialect(), Shares.FREE, level, ""));
      looks.add(lookAt(sql.dialect(), Shares.SUSPECT, level, ""));
      waits.add(lookAt(sql.dialect(), Shares.WAITING, level, " AND (NOT suspect OR ?)"));
    }
    anyDue = sql.command(String.join(" UNION ALL ", dues));
    lookFree = sql.command(String.join(" UNION ALL ", looks));
    lookWaiting = sql.command(String.join(" UNION ALL ", waits));
    lock =
        sql.command(
            "SELECT "
                + Candidate.COLUMNS
                + """

                 FROM {p}job {use PRIMARY}
                WHERE id = ANY (?) AND state = 'PENDING' AND block_reason IS NULL AND queue = ?
                  AND {tenant} = ? AND run_at <= {now} AND type = ANY (?)
                  AND (type_version = 1 OR {type_version} = ANY (?))
                  AND (expires_at IS NULL OR expires_at > {now})
                  {lock} SKIP LOCKED
                """);
  }

  private static String dueAt(String part, Priority level) {
    return """
        (SELECT 1 FROM {p}job {use job_claim}
          WHERE queue = ? AND %s AND priority = %d AND run_at <= {now} LIMIT 1)
        """
        .formatted(part, level.level());
  }

  private static String lookAt(JdbcDialect dialect, Shares shares, Priority level, String which) {
    return """
        (SELECT id, priority, run_at FROM {p}job {use %1$s}
          WHERE %2$s AND {tenant} = ? AND priority = %3$d AND run_at <= {now}
            AND type = ANY (?)
            AND (type_version = 1 OR {type_version} = ANY (?))
            AND (expires_at IS NULL OR expires_at > {now})%4$s
          ORDER BY %5$s
          LIMIT ?)
        """
        .formatted(shares.index(), shares.given(), level.level(), which, shares.inOrder(dialect));
  }

  /** More than asked for if that is the end of somebody's turn. */
  List<Candidate> lockDue(Connection connection, ClaimRequest request, FairTurn turn, Held held)
      throws SQLException {
    List<String> queue = List.of(request.queue().name());
    Circle circle =
        new Circle(
            turn,
            tenant -> free.behind(connection, queue, tenant),
            () -> anyDue(connection, request));
    return byTurns(
        request,
        circle,
        held,
        (tenant, most, own) -> {
          Set<UUID> ids = lookFree(connection, request, tenant, most);
          own.forEach(candidate -> ids.remove(candidate.job().id().value()));
          return ids.isEmpty() ? List.of() : lock(connection, request, tenant, ids);
        });
  }

  /**
   * The same among the jobs that wait for a key, without locks: who has locked the key is alone.
   */
  List<UUID> findWaiting(
      Connection connection, ClaimRequest request, FairTurn turn, Held held, LimitKey key)
      throws SQLException {
    List<String> where = List.of(key.toString(), request.queue().name());
    Circle circle =
        new Circle(turn, tenant -> waiting.behind(connection, where, tenant), () -> true);
    return byTurns(
        request,
        circle,
        held,
        (tenant, most, own) -> {
          List<UUID> ids = new ArrayList<>(lookWaiting(connection, request, where, tenant, most));
          ids.removeAll(own);
          return ids;
        });
  }

  /** Finds jobs of a tenant beside those that it has already, so that it has at most so many. */
  private interface Look<T> {
    List<T> at(String tenant, int most, List<T> own) throws SQLException;
  }

  private static <T> List<T> byTurns(ClaimRequest request, Circle circle, Held held, Look<T> look)
      throws SQLException {
    Map<String, List<T>> found = new LinkedHashMap<>();
    int count = 0;
    for (String tenant = circle.next();
        tenant != null && count < request.limit();
        tenant = circle.next()) {
      if (!held.tenants().contains(tenant) && !found.containsKey(tenant)) {
        List<T> own = look.at(tenant, most(request, circle.weight(tenant)), List.of());
        found.put(tenant, new ArrayList<>(own));
        count += own.size();
      }
    }
    boolean more = count > 0;
    for (int rounds = 2; more && count < request.limit(); rounds *= 2) {
      more = false;
      for (Map.Entry<String, List<T>> tenant : found.entrySet()) {
        List<T> own = tenant.getValue();
        int most = most(request, rounds * circle.weight(tenant.getKey()));
        List<T> others = own.size() < most ? look.at(tenant.getKey(), most, own) : List.of();
        own.addAll(others);
        more |= !others.isEmpty();
        count += others.size();
      }
    }
    return found.values().stream().flatMap(List::stream).toList();
  }

  private static int most(ClaimRequest request, int turns) {
    return Math.min(turns, request.limit());
  }

  private boolean anyDue(Connection connection, ClaimRequest request) throws SQLException {
    Call call = anyDue.on(connection);
    for (int i = 0; i < LEVELS * parts; i++) {
      call.text(request.queue().name());
    }
    return call.first(row -> true).isPresent();
  }

  private List<Candidate> lock(
      Connection connection, ClaimRequest request, String tenant, Set<UUID> ids)
      throws SQLException {
    return lock.on(connection)
        .ids(ids)
        .text(request.queue().name())
        .text(tenant)
        .texts(Kinds.names(request))
        .texts(Kinds.laterVersions(request))
        .list(Candidate::locked);
  }

  private Set<UUID> lookFree(Connection connection, ClaimRequest request, String tenant, int most)
      throws SQLException {
    Call call = lookFree.on(connection);
    for (int i = 0; i < LEVELS; i++) {
      for (int suspects : new int[] {most, request.suspect() ? 1 : 0}) {
        call.text(request.queue().name())
            .text(tenant)
            .texts(Kinds.names(request))
            .texts(Kinds.laterVersions(request))
            .number(suspects);
      }
    }
    return first(call, most);
  }

  private Set<UUID> lookWaiting(
      Connection connection, ClaimRequest request, List<String> where, String tenant, int most)
      throws SQLException {
    Call call = lookWaiting.on(connection);
    for (int i = 0; i < LEVELS; i++) {
      where.forEach(call::text);
      call.text(tenant)
          .texts(Kinds.names(request))
          .texts(Kinds.laterVersions(request))
          .flag(request.suspect())
          .number(most);
    }
    return first(call, most);
  }

  private static Set<UUID> first(Call call, int most) throws SQLException {
    List<Candidate.Place> places = call.list(Candidate.Place::of);
    places.sort(Candidate.Place.IN_ORDER);
    Set<UUID> ids = new LinkedHashSet<>();
    places.stream().limit(most).forEach(place -> ids.add(place.id()));
    return ids;
  }
}
