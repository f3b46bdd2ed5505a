package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.store.jdbc.PostgresClaims.Claimed;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far the claims of one queue and these types have come on each of the five levels of urgency.
 * What lies before is not walked again by each claim: rows that are gone stay in an index until no
 * transaction anywhere could see them, and a million jobs of a type that this node does not know
 * may lie there for good. Since a job may come back behind a mark, or have been stored by a
 * transaction that was longer under way than {@link #LATE_MICROS}, every now and then a claim walks
 * all the way; and as long as that costs little or brings the little that was wanted, all claims
 * do. Thread-safe.
 */
final class Marks {

  /** A mark stays so far behind the clock: enqueues that are under way still come before it. */
  static final long LATE_MICROS = 1_000_000;

  private static final int LEVELS = 5;

  /** Claims as large as this that were filled are made for a backlog. */
  private static final int LARGE = 100;

  /** All the way is worth avoiding if so many in a row took so long. */
  private static final int SLOW_ONES = 3;

  private static final Duration SLOW = Duration.ofMillis(10);

  /** All the way is walked once in so many times its own duration, but not more often than this. */
  private static final int SELDOM = 20;

  private static final long LEAST_REST_NANOS = 1_000_000_000;

  /** Before every id. */
  private static final UUID NOBODY = new UUID(0, 0);

  /** Where the walk along a level begins: behind this. */
  record Mark(String at, UUID id) {
    static final Mark START = new Mark("-infinity", NOBODY);

    static Mark of(Instant at, UUID id) {
      return new Mark(at.toString(), id);
    }
  }

  /**
   * Where a claim begins.
   *
   * @param forgotten how often the marks had been forgotten by then
   */
  record Walk(List<Mark> from, long forgotten) {

    static final Walk WHOLE = new Walk(Collections.nCopies(LEVELS, Mark.START), 0);

    boolean isWhole() {
      return from.stream().allMatch(Mark.START::equals);
    }

    List<String> moments() {
      return from.stream().map(Mark::at).toList();
    }

    List<UUID> ids() {
      return from.stream().map(Mark::id).toList();
    }
  }

  private final Mark[] marks = new Mark[LEVELS];
  private int slow;
  private boolean backlog;
  private long wholeAgain;
  private long forgotten;

  Marks() {
    Arrays.fill(marks, Mark.START);
  }

  /** Where the claim that is made now begins; all the way if something may have come back. */
  synchronized Walk next(long nanos) {
    if ((slow < SLOW_ONES && !backlog) || nanos - wholeAgain >= 0) {
      return new Walk(Walk.WHOLE.from(), forgotten);
    }
    return new Walk(List.of(marks), forgotten);
  }

  /** Something has come back behind the marks, and may have been missed by a claim under way. */
  synchronized void forget() {
    forgotten++;
    Arrays.fill(marks, Mark.START);
  }

  /**
   * A claim has been made.
   *
   * @param nanos the time by the clock that {@link #next} was told
   */
  synchronized void walked(Walk walk, ClaimRequest request, Claimed claimed, long nanos) {
    if (walk.isWhole()) {
      slow = claimed.spent().compareTo(SLOW) < 0 ? 0 : Math.min(slow + 1, SLOW_ONES);
      wholeAgain = nanos + Math.max(LEAST_REST_NANOS, SELDOM * claimed.spent().toNanos());
    }
    boolean filled = claimed.found() >= request.limit() || claimed.jobs().size() < claimed.found();
    backlog = filled && request.limit() >= LARGE;
    if (walk.forgotten() != forgotten) {
      return;
    }
    Candidate last = last(claimed.jobs());
    int reached = filled ? (last == null ? 0 : last.priority()) : LEVELS + 1;
    Instant horizon = claimed.horizon();
    Mark end = Mark.of(horizon, NOBODY);
    for (int level = 1; level <= LEVELS; level++) {
      if (level < reached) {
        marks[level - 1] = end;
      } else if (last != null && level == reached) {
        marks[level - 1] =
            last.runAt().isBefore(horizon) ? Mark.of(last.runAt(), last.job().id().value()) : end;
      }
    }
  }

  /** Suspects lie elsewhere. */
  private static @Nullable Candidate last(List<Candidate> claimed) {
    for (int i = claimed.size() - 1; i >= 0; i--) {
      if (!claimed.get(i).job().suspect()) {
        return claimed.get(i);
      }
    }
    return null;
  }
}
