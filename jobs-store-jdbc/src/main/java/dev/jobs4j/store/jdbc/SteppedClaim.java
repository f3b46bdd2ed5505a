package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One claim while it goes on. A due job that meets a shut key goes to wait for that, out of the way
 * of every claim; a claim that finds a key open takes its jobs from among those that wait for it.
 */
final class SteppedClaim {

  /** How soon a key is looked at again whose jobs are none that this node can take. */
  private static final Duration NOT_OURS = Duration.ofSeconds(1);

  private final SteppedClaims parts;
  private final ClaimSteps steps;
  private final Connection connection;
  private final ClaimRequest asked;
  private final Held held;
  private final ClaimRequest request;
  private final String queue;
  private final Picking picking;
  private final List<LeasedJob> claimed = new ArrayList<>();

  /** The keys whose rows are locked. */
  private final Map<LimitKey, Permits> permits = new LinkedHashMap<>();

  /** The keys that due jobs of this queue wait for, as far as this claim has to say of them. */
  private final Set<LimitKey> waitedFor = new TreeSet<>();

  private boolean suspects;
  private boolean live;
  private boolean fenced;

  /** Whether another round would find more. */
  private boolean again;

  /** Whether one was left for want of a slot that is free now. */
  private boolean noPlace;

  SteppedClaim(SteppedClaims parts, ClaimSteps steps, Connection connection, ClaimRequest asked)
      throws SQLException {
    this.parts = parts;
    this.steps = steps;
    this.connection = connection;
    this.asked = asked;
    held = steps.held(connection, asked);
    request = held.running(asked);
    queue = request.queue().name();
    picking = new Picking(request.turn());
    suspects = request.suspect();
  }

  boolean metLimits() {
    return !permits.isEmpty();
  }

  List<LeasedJob> run() throws SQLException {
    if (held.all(asked)) {
      return List.of();
    }
    int most = Math.min(Math.max(request.limit(), 4), SteppedClaims.KEYS);
    waitedFor.addAll(parts.limits.open(connection, queue, most));
    again = true;
    for (int round = 0; again && round < SteppedClaims.ROUNDS; round++) {
      again = round(round);
      if (fenced) {
        return List.of();
      }
    }
    parts.limits.mark(connection, permits);
    for (LimitKey key : waitedFor) {
      sayWhenOpen(key);
    }
    return claimed;
  }

  /** Returns whether another round may find more. */
  private boolean round(int round) throws SQLException {
    int wanted = request.limit() - claimed.size();
    List<Candidate> found = lockDue(round == 0 ? wanted : Math.max(wanted, SteppedClaims.PAGE));
    lockKeys(found, round == 0);
    for (LimitKey key : waitedFor) {
      Permits open = permits.get(key);
      int left = open == null ? 0 : open.left(wanted);
      if (left > 0) { // many of them may have to move on to another key
        int most = round > 0 ? SteppedClaims.PAGE : picking.turn() == null ? left : wanted;
        found.addAll(parts.lockWaiting(connection, asking(most), held, key));
      }
    }
    lockKeys(found, false); // those that wait may count against other keys too
    if (found.isEmpty() || !isLive()) {
      return false;
    }
    picking.add(found);
    Map<LimitKey, List<UUID>> shut = take();
    picking.clear();
    parts.limits.block(connection, shut);
    waitedFor.addAll(shut.keySet());
    return !shut.isEmpty() && !noPlace && claimed.size() < request.limit();
  }

  /** Asked before the first write: a fence then waits for this claim, or this claim ends. */
  private boolean isLive() throws SQLException {
    live = live || steps.isLive(connection, request);
    fenced = !live;
    return live;
  }

  private List<Candidate> lockDue(int most) throws SQLException {
    ClaimRequest due = asking(most);
    FairTurn turn = due.turn();
    return new ArrayList<>(
        turn == null
            ? steps.lockDue(connection, due, held)
            : parts.turns.lockDue(connection, due, turn, held));
  }

  private ClaimRequest asking(int most) {
    return new ClaimRequest(
        request.engine(),
        request.claimId(),
        request.queue(),
        request.types(),
        most,
        0,
        suspects,
        picking.turn());
  }

  private void lockKeys(List<Candidate> found, boolean patient) throws SQLException {
    Set<LimitKey> wanted = new TreeSet<>();
    found.forEach(candidate -> wanted.addAll(candidate.limits()));
    wanted.addAll(waitedFor);
    wanted.removeAll(permits.keySet());
    if (!wanted.isEmpty()) {
      permits.putAll(parts.limits.lock(connection, wanted, patient));
    }
  }

  /** Takes what may start; returns what has to wait, by the key it waits for. */
  private Map<LimitKey, List<UUID>> take() throws SQLException {
    Map<LimitKey, List<UUID>> shut = new LinkedHashMap<>();
    List<Candidate> taken = new ArrayList<>();
    Map<LimitKey, Permits> before = Map.copyOf(permits);
    for (Candidate next = picking.next();
        next != null && claimed.size() + taken.size() < request.limit();
        next = picking.next()) {
      LimitKey key = shutKey(next);
      if (key != null) {
        if (!key.equals(next.waitsFor())) {
          shut.computeIfAbsent(key, k -> new ArrayList<>()).add(next.job().id().value());
        }
      } else if (hasNoPlace(next, claimed.size() + taken.size())) {
        noPlace = true;
        break;
      } else if (isWanted(next)) {
        takePermits(next);
        suspects &= !next.job().suspect();
        picking.taken(next);
        taken.add(next);
      }
    }
    if (!taken.isEmpty()) {
      List<LeasedJob> jobs =
          steps.start(connection, request, taken.stream().map(Candidate::job).toList());
      List<Candidate> started = taken.stream().filter(c -> jobs.contains(c.job())).toList();
      if (started.size() < taken.size()) {
        permits.putAll(before);
        started.forEach(this::takePermits);
      }
      parts.limits.use(connection, started);
      claimed.addAll(jobs);
    }
    return shut;
  }

  /** A permit is not held by a job that only waits for its slot. */
  private boolean hasNoPlace(Candidate candidate, int before) {
    return !candidate.limits().isEmpty() && before >= request.places();
  }

  private void takePermits(Candidate candidate) {
    candidate.limits().forEach(key -> permits.computeIfPresent(key, (k, left) -> left.take()));
  }

  /** One suspect at most; and nothing whose key somebody else has locked just now. */
  private boolean isWanted(Candidate candidate) {
    return (suspects || !candidate.job().suspect())
        && permits.keySet().containsAll(candidate.limits());
  }

  private @Nullable LimitKey shutKey(Candidate candidate) {
    for (LimitKey key : candidate.limits()) {
      Permits known = permits.get(key);
      if (known != null && !known.isOpen()) {
        return key;
      }
    }
    return null;
  }

  private void sayWhenOpen(LimitKey key) throws SQLException {
    Permits known = permits.get(key);
    if (known == null) {
      return; // somebody else is at it
    }
    if (known.isFull()) {
      parts.limits.wait(connection, key, queue, null);
    } else if (known.opensAt() > known.now()) {
      parts.limits.wait(connection, key, queue, instant(known.opensAt()));
    } else if (!parts.limits.isWaitedFor(connection, key, queue)) {
      parts.limits.waitNoMore(connection, key, queue);
    } else {
      boolean unfinished = again || noPlace || claimed.size() >= request.limit();
      Duration later = unfinished ? Duration.ZERO : NOT_OURS;
      parts.limits.wait(connection, key, queue, instant(known.now()).plus(later));
    }
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
