package dev.jobs4j.core.memory;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pending jobs of one queue, apart by tenant. Guarded by the store's lock. */
final class Line {

  private final NavigableMap<String, Share> shares = new TreeMap<>();

  void add(Row row) {
    shares.computeIfAbsent(row.tenant(), name -> new Share()).add(row);
  }

  void calledOff(Row row) {
    Share share = shares.get(row.tenant());
    if (share != null) {
      share.calledOff(row);
    }
  }

  /** The most urgent, then longest due job that is wanted, or null. */
  @Nullable Row peek(Wanted wanted) {
    Row best = null;
    for (Map.Entry<String, Share> share : shares.entrySet()) {
      Row head =
          wanted.pausedTenants().contains(share.getKey()) ? null : share.getValue().peek(wanted);
      if (head != null && (best == null || Row.URGENCY.compare(head, best) < 0)) {
        best = head;
      }
    }
    return best;
  }

  /** The same among the jobs of one tenant. */
  @Nullable Row peek(String tenant, Wanted wanted) {
    Share share = shares.get(tenant);
    return share == null || wanted.pausedTenants().contains(tenant) ? null : share.peek(wanted);
  }

  /** The first tenant behind this one that has jobs, due or not, or null. */
  @Nullable String tenantAfter(String tenant) {
    return shares.higherKey(tenant);
  }

  /** The first tenant, or null. */
  @Nullable String firstTenant() {
    return shares.isEmpty() ? null : shares.firstKey();
  }

  /** Takes a job that was just shown. */
  void remove(Row head) {
    Share share = shares.get(head.tenant());
    if (share != null) {
      share.remove(head);
      if (share.isEmpty()) {
        shares.remove(head.tenant());
      }
    }
  }

  /** Whether nothing is in it, not even what was called off. */
  boolean isEmpty() {
    shares.values().removeIf(Share::isEmpty);
    return shares.isEmpty();
  }
}
