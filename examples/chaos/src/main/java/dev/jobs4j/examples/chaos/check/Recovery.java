package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.cluster.Worker;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import dev.jobs4j.examples.chaos.work.Database;
import dev.jobs4j.examples.chaos.work.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * How long jobs of a killed worker wait for their next start: promise 9. It is made for a store
 * that is up and another worker that is well. Counted apart are recoveries that had to do without,
 * or were claimed first by somebody who met a fault as well; and those that waited for a long job
 * before them: what is taken from a dead engine runs one at a time on each other.
 */
final class Recovery {

  /** The goal for 99 of 100: grace, the next look for dead engines, a poll and a claim. */
  static final Duration LIMIT = Database.LEASE.duration().plusSeconds(7);

  /** One for the taking back and one for the claim; more were another's. */
  private static final long OWN_TOKENS = 2;

  private final History history;
  private final Set<String> workers = new TreeSet<>();
  private final List<Attempt> longSuspects = new ArrayList<>();
  private final List<Long> undisturbed = new ArrayList<>();
  private final List<Long> behindOthers = new ArrayList<>();
  private final List<Long> disturbed = new ArrayList<>();

  Recovery(History history) {
    this.history = history;
    for (Story story : history.stories()) {
      story.attempts.forEach(a -> workers.add(Worker.ofLife(a.process)));
      if (story.kind() == Kind.SLOW) {
        story.attempts.stream().filter(a -> a.token > 1).forEach(longSuspects::add);
      }
    }
  }

  void add(Story story) {
    for (Attempt attempt : story.attempts) {
      if (attempt.answer == null) {
        history.kill(attempt.process).ifPresent(kill -> add(story, attempt, kill));
      }
    }
  }

  private void add(Story story, Attempt lost, Outage kill) {
    story.attempts.stream()
        .filter(a -> a.token > lost.token && a.from > kill.from())
        .min(Comparator.comparingLong(a -> a.from))
        .ifPresent(next -> times(lost, kill, next).add(next.from - kill.from()));
  }

  private List<Long> times(Attempt lost, Outage kill, Attempt next) {
    if (next.token > lost.token + OWN_TOKENS || isDisturbed(kill, next.from)) {
      return disturbed;
    }
    return longSuspects.stream()
            .filter(a -> a.process.equals(next.process))
            .anyMatch(a -> a.to > kill.to() && a.to <= next.from)
        ? behindOthers
        : undisturbed;
  }

  private boolean isDisturbed(Outage kill, long until) {
    boolean storeWasDown =
        history.outages().stream()
            .anyMatch(
                o ->
                    o.fault().reach() == Fault.Reach.SERVER
                        && o.fault().mayCostLease()
                        && o.overlaps(kill.from(), until));
    return storeWasDown
        || workers.stream()
            .filter(worker -> !kill.hitsWorker(worker))
            .noneMatch(worker -> wasWell(worker, kill.from(), until));
  }

  private boolean wasWell(String worker, long from, long to) {
    return history.outages().stream()
        .filter(o -> !o.fault().breaksConnections() && o.hitsWorker(worker))
        .noneMatch(o -> o.overlaps(from, to));
  }

  void check(Consumer<Violation> violations) {
    Duration p99 = percentile(undisturbed, 0.99);
    if (p99.compareTo(LIMIT) > 0) {
      violations.accept(
          new Violation(
              Promise.RECOVERY_IN_TIME,
              "all",
              "p99 is " + p99.toMillis() + " ms, of at most " + LIMIT.toMillis() + " ms"));
    }
  }

  static Duration percentile(List<Long> nanos, double share) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
  }

  /** The figures, and a bar for each second. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(line("with the store up and a worker well", undisturbed));
    text.append(line("the same, behind a long job of a dead engine", behindOthers));
    text.append(line("without, or claimed first by one who met a fault as well", disturbed));
    long most = undisturbed.stream().mapToLong(Long::longValue).max().orElse(0);
    for (long second = 0; !undisturbed.isEmpty() && second <= most / 1_000_000_000L; second++) {
      long at = second;
      long count = undisturbed.stream().filter(n -> n / 1_000_000_000L == at).count();
      text.append("    %2d s %4d %s%n".formatted(second, count, "#".repeat((int) count)));
    }
    return text.toString();
  }

  private static String line(String when, List<Long> nanos) {
    LongStream all = nanos.stream().mapToLong(Long::longValue);
    return "  %s: %d, p50 %.1f s, p99 %.1f s, max %.1f s%n"
        .formatted(
            when,
            nanos.size(),
            percentile(nanos, 0.5).toMillis() / 1e3,
            percentile(nanos, 0.99).toMillis() / 1e3,
            all.max().orElse(0) / 1e9);
  }
}
