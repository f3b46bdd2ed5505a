package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.FairTurn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Locks due jobs of the tenants whose turn comes next. Tenants are found by jumps along an index
 * from the one whose turn it is, so a claim costs by what it takes and not by how much is waiting.
 */
final class TurnFeed {

  private static final int TENANTS = 16;

  /** Nobody's jobs come first. */
  private static final String FIRST = "";

  private final Command behind;
  private final Command look;
  private final Command lock;

  TurnFeed(Sql sql) {
    behind = sql.command(sql.sharesBehind());
    List<String> looks = new ArrayList<>();
    for (boolean suspect : new boolean[] {false, true}) {
      for (Priority level : Priority.values()) {
        looks.add(lookAt(suspect, level));
      }
    }
    look = sql.command(String.join(" UNION ALL ", looks));
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
                  FOR UPDATE SKIP LOCKED
                """);
  }

  private static String lookAt(boolean suspect, Priority level) {
    return """
        (SELECT id, priority, run_at FROM {p}job {use %1$s}
          WHERE queue = ? AND {claimable%2$s} AND {tenant} = ? AND priority = %3$d
            AND run_at <= {now} AND type = ANY (?)
            AND (type_version = 1 OR {type_version} = ANY (?))
            AND (expires_at IS NULL OR expires_at > {now})
          ORDER BY run_at, id
          LIMIT ?)
        """
        .formatted("job_share", suspect ? " suspect" : "", level.level());
  }

  /** More than asked for if that is the end of somebody's turn. */
  List<Candidate> lockDue(Connection connection, ClaimRequest request, FairTurn turn, Held held)
      throws SQLException {
    Map<String, List<Candidate>> locked = new LinkedHashMap<>();
    int count = 0;
    Circle circle = new Circle(connection, request.queue().name(), turn);
    for (String tenant = circle.next();
        tenant != null && count < request.limit();
        tenant = circle.next()) {
      if (!held.tenants().contains(tenant)) {
        count += lock(connection, request, tenant, turn.weight(tenant), locked);
      }
    }
    boolean more = count > 0;
    for (int rounds = 2; more && count < request.limit(); rounds *= 2) {
      more = false;
      for (String tenant : List.copyOf(locked.keySet())) {
        int got = lock(connection, request, tenant, rounds * turn.weight(tenant), locked);
        more |= got > 0;
        count += got;
      }
    }
    return locked.values().stream().flatMap(List::stream).toList();
  }

  /** Locks jobs of a tenant until so many of its most urgent are; returns how many are new. */
  private int lock(
      Connection connection,
      ClaimRequest request,
      String tenant,
      int most,
      Map<String, List<Candidate>> locked)
      throws SQLException {
    List<Candidate> own = locked.computeIfAbsent(tenant, name -> new ArrayList<>());
    int wanted = Math.min(most, request.limit());
    if (own.size() >= wanted) {
      return 0;
    }
    Set<UUID> ids = look(connection, request, tenant, wanted);
    own.forEach(candidate -> ids.remove(candidate.job().id().value()));
    if (ids.isEmpty()) {
      return 0;
    }
    List<Candidate> fresh =
        lock.on(connection)
            .ids(ids)
            .text(request.queue().name())
            .text(tenant)
            .texts(Kinds.names(request))
            .texts(Kinds.laterVersions(request))
            .list(Candidate::locked);
    own.addAll(fresh);
    return fresh.size();
  }

  private Set<UUID> look(Connection connection, ClaimRequest request, String tenant, int wanted)
      throws SQLException {
    Call call = look.on(connection);
    int levels = Priority.values().length;
    for (int i = 0; i < 2 * levels; i++) {
      int most = i < levels ? wanted : request.suspect() ? 1 : 0;
      call.text(request.queue().name())
          .text(tenant)
          .texts(Kinds.names(request))
          .texts(Kinds.laterVersions(request))
          .number(most);
    }
    List<Candidate.Place> places = call.list(Candidate.Place::of);
    places.sort(Candidate.Place.IN_ORDER);
    Set<UUID> ids = new LinkedHashSet<>();
    places.stream().limit(wanted).forEach(place -> ids.add(place.id()));
    return ids;
  }

  /** The tenants that have jobs which wait for nothing, due or not, from one on and round again. */
  private final class Circle {
    private final Connection connection;
    private final String queue;
    private final FairTurn turn;
    private final Deque<String> page = new ArrayDeque<>();
    private final Set<String> visited = new HashSet<>();
    private String last;
    private boolean wrapped;

    Circle(Connection connection, String queue, FairTurn turn) {
      this.connection = connection;
      this.queue = queue;
      this.turn = turn;
      last = turn.tenant();
      if (turn.left() > 0) {
        page.add(last);
      }
    }

    /** The next one, or null behind the one with which the circle began. */
    @Nullable String next() throws SQLException {
      if (page.isEmpty()) {
        page.addAll(behind(last));
      }
      if (page.isEmpty() && !wrapped) {
        wrapped = true;
        page.add(FIRST);
      }
      String next = page.poll();
      if (next == null || (wrapped && !next.equals(turn.tenant()) && !visited.add(next))) {
        return null;
      }
      visited.add(next);
      last = next;
      return next;
    }

    private List<String> behind(String tenant) throws SQLException {
      return behind
          .on(connection)
          .text(queue)
          .text(tenant)
          .number(TENANTS)
          .text(queue)
          .text(tenant)
          .number(TENANTS)
          .number(TENANTS)
          .list(row -> row.text("share"));
    }
  }
}
