package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.FairTurn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says which of the jobs that a claim has locked comes next: by urgency, or by turns. */
final class Picking {

  private final NavigableMap<String, Deque<Candidate>> byTenant = new TreeMap<>();
  private @Nullable FairTurn turn;

  Picking(@Nullable FairTurn turn) {
    this.turn = turn;
  }

  void add(List<Candidate> candidates) {
    List<Candidate> all = new ArrayList<>(candidates);
    byTenant.values().forEach(all::addAll);
    byTenant.clear();
    all.sort(Candidate.IN_ORDER);
    for (Candidate candidate : all) {
      String lane = turn == null ? "" : candidate.tenant();
      byTenant.computeIfAbsent(lane, name -> new ArrayDeque<>()).add(candidate);
    }
  }

  /** Takes the next one out, or gives null if there is none. */
  @Nullable Candidate next() {
    if (byTenant.isEmpty()) {
      return null;
    }
    String lane = turn == null ? "" : whoseTurn(turn);
    Deque<Candidate> jobs = byTenant.get(lane);
    Candidate next = jobs == null ? null : jobs.poll();
    if (jobs != null && jobs.isEmpty()) {
      byTenant.remove(lane);
    }
    return next;
  }

  private String whoseTurn(FairTurn at) {
    if (at.left() > 0 && byTenant.containsKey(at.tenant())) {
      return at.tenant();
    }
    String next = byTenant.higherKey(at.tenant());
    return next == null ? byTenant.firstKey() : next;
  }

  /** One that came next has been taken. */
  void taken(Candidate candidate) {
    turn = turn == null ? null : turn.after(candidate.tenant());
  }

  /** Whose turn it is now. */
  @Nullable FairTurn turn() {
    return turn;
  }

  void clear() {
    byTenant.clear();
  }
}
