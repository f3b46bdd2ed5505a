package dev.jobs4j.core.memory;

import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One claim: looks at the jobs of the queue that wait for nothing, and at those that wait for a key
 * which is open now. A job that meets a shut key goes to wait for that, so nobody meets it again
 * before it opens. Guarded by the store's lock.
 */
final class Claiming {

  private final Tables tables;
  private final ClaimRequest request;
  private final long now;
  private final Line free;
  private final Map<LimitKey, Line> open;
  private final Set<LimitKey> found;
  private @Nullable FairTurn turn;
  private Wanted wanted;

  Claiming(Tables tables, ClaimRequest request, Held held, long now) {
    this.tables = tables;
    this.request = request;
    this.now = now;
    free = tables.line(request.queue());
    open = tables.limits.open(request.queue(), now);
    found = Set.copyOf(open.keySet());
    turn = request.turn();
    wanted = new Wanted(held.running(request.types()), held.tenants(), now, request.suspect());
  }

  List<LeasedJob> claim(EngineRow engine) {
    List<LeasedJob> claimed = new ArrayList<>(Math.min(request.limit(), 1_000));
    while (claimed.size() < request.limit()) {
      Row row = turn == null ? mostUrgent() : nextInTurn(turn);
      if (row == null || (!row.job.limits().isEmpty() && claimed.size() >= request.places())) {
        break; // a permit is not held by a job that only waits for its slot
      }
      tables.lineOf(row).remove(row);
      LimitKey shut = tables.limits.shut(row, now);
      if (shut != null) {
        open.remove(shut);
        tables.limits.park(row, shut);
        continue;
      }
      tables.limits.take(row, now);
      row.start(engine, request.claimId());
      wanted = row.suspect ? wanted.withoutSuspects() : wanted;
      turn = turn == null ? null : turn.after(row.tenant());
      claimed.add(row.leased(now));
    }
    tables.limits.sweep(request.queue(), found, now);
    return claimed;
  }

  private @Nullable Row mostUrgent() {
    Row best = free.peek(wanted);
    for (Line line : open.values()) {
      best = moreUrgent(best, line.peek(wanted));
    }
    return best;
  }

  private @Nullable Row nextInTurn(FairTurn at) {
    Row own = at.left() > 0 ? of(at.tenant()) : null;
    for (String name = after(at.tenant()); own == null && name != null; name = after(name)) {
      own = of(name);
    }
    for (String name = first(); own == null && name != null; name = after(name)) {
      own = of(name);
      if (name.compareTo(at.tenant()) >= 0) {
        break;
      }
    }
    return own;
  }

  private @Nullable Row of(String tenant) {
    Row best = free.peek(tenant, wanted);
    for (Line line : open.values()) {
      best = moreUrgent(best, line.peek(tenant, wanted));
    }
    return best;
  }

  private @Nullable String after(String tenant) {
    String next = free.tenantAfter(tenant);
    for (Line line : open.values()) {
      next = sooner(next, line.tenantAfter(tenant));
    }
    return next;
  }

  private @Nullable String first() {
    String next = free.firstTenant();
    for (Line line : open.values()) {
      next = sooner(next, line.firstTenant());
    }
    return next;
  }

  private static @Nullable String sooner(@Nullable String a, @Nullable String b) {
    return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
  }

  private static @Nullable Row moreUrgent(@Nullable Row a, @Nullable Row b) {
    return a == null || (b != null && Row.URGENCY.compare(b, a) < 0) ? b : a;
  }
}
