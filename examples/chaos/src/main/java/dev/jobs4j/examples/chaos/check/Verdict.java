package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.nemesis.Fault;
import java.util.List;
import java.util.Map;

/**
 * How a run came out.
 *
 * @param violations what was broken; empty is what we want
 * @param explained second runs, by the fault that explains them
 * @param recovery the times of recovery after a kill
 */
public record Verdict(
    History history, List<Violation> violations, Map<Fault, Integer> explained, String recovery) {

  private static final int SHOWN = 40;

  /** How many jobs the database or an acknowledgement knows of. */
  public long jobs() {
    return history.stories().stream().filter(s -> s.acknowledged || !s.rows.isEmpty()).count();
  }

  private long starts() {
    return history.stories().stream().mapToLong(s -> s.attempts.size()).sum();
  }

  private long broken(Promise promise) {
    return violations.stream().filter(v -> v.promise() == promise).count();
  }

  /** The figures, then what was broken. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        faults
          worker kills %d, freezes %d, ended in order %d, pools held %d
          partitions and half-open connections %d, delays %d, resets %d, cuts after a commit %d
          database kills %d, read-only windows %d, all sessions ended %d
        jobs
          checked %d, starts %d, lost %d, double-accepted %d, unexplained second runs %d
          explained second runs %s
        recovery after a kill, of at most %.1f s
        %s"""
            .formatted(
                history.count(Fault.KILL),
                history.count(Fault.FREEZE),
                history.count(Fault.TERMINATE),
                history.count(Fault.POOL),
                history.partitions(),
                history.count(Fault.DELAY),
                history.count(Fault.RESET),
                history.count(Fault.CUT),
                history.count(Fault.DATABASE_KILL),
                history.count(Fault.READ_ONLY),
                history.count(Fault.BACKENDS),
                jobs(),
                starts(),
                broken(Promise.ACKNOWLEDGED_ENDS),
                broken(Promise.ONE_ACCEPTED_ENDING),
                broken(Promise.SECOND_RUNS_ARE_EXPLAINED),
                explained,
                Recovery.LIMIT.toMillis() / 1e3,
                recovery));
    for (Promise promise : Promise.values()) {
      text.append(broken(promise) == 0 ? "held    " : "BROKEN  ").append(promise).append('\n');
    }
    violations.stream().limit(SHOWN).forEach(v -> text.append(v).append('\n'));
    return text.toString();
  }
}
