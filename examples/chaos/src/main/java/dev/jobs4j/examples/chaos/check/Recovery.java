package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.cluster.Worker;
import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import dev.jobs4j.examples.chaos.work.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How long jobs of a killed worker wait for their next start: promise 9. It is made for a store
 * that is up and another worker that is well. Counted apart are restarts that had to do without, or
 * were claimed first by somebody who met a fault as well; and those in a queue: what is taken from
 * dead engines runs one at a time on each other, so each waits for those before it, where it ran or
 * on every worker that was well.
 */
final class Recovery {

  /** The goal for 99 of 100: grace, the next look for dead engines, a poll and a claim. */
  static final Duration LIMIT = Database.LEASE.duration().plusSeconds(7);

  /** One for the taking back and one for the claim; more were another's. */
  private static final long OWN_TOKENS = 2;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Of those in a queue the next one starts so soon, on a busy machine. */
  private static final long PAUSE = 2 * SECOND;

  /** A job that started again, so long after the kill. */
  private record Restart(String job, long nanos) {}

  private final History history;
  private final Set<String> workers = new TreeSet<>();

  /** What ran after it was taken from another, by the process on which it did. */
  private final Map<String, List<Attempt>> again = new HashMap<>();

  private final List<Restart> first = new ArrayList<>();
  private final List<Restart> queued = new ArrayList<>();
  private final List<Restart> disturbed = new ArrayList<>();

  Recovery(History history) {
    this.history = history;
    for (Story story : history.stories()) {
      for (int i = 0; i < story.attempts.size(); i++) {
        Attempt attempt = story.attempts.get(i);
        workers.add(Worker.ofLife(attempt.process));
        boolean isSuspect =
            i > 0
                ? story.attempts.get(i - 1).answer != What.RETRIED
                : attempt.token > OWN_TOKENS; // lost before it had begun
        if (isSuspect) {
          again.computeIfAbsent(attempt.process, any -> new ArrayList<>()).add(attempt);
        }
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
        .ifPresent(
            next -> kindOf(lost, kill, next).add(new Restart(story.name, next.from - kill.from())));
  }

  private List<Restart> kindOf(Attempt lost, Outage kill, Attempt next) {
    if (next.token > lost.token + OWN_TOKENS || isDisturbed(kill, next.from)) {
      return disturbed;
    }
    return isQueued(kill, next) ? queued : first;
  }

  /** Up to its start others ran where it then did, or on every worker that was well. */
  private boolean isQueued(Outage kill, Attempt next) {
    long since = Math.max(kill.from(), next.from - PAUSE);
    return ranSuspects(next.process::equals, since, next.from)
        || wellWorkers(kill, next.from)
            .allMatch(w -> ranSuspects(life -> Worker.ofLife(life).equals(w), since, next.from));
  }

  private boolean ranSuspects(Predicate<String> process, long since, long until) {
    return again.entrySet().stream()
        .filter(ran -> process.test(ran.getKey()))
        .flatMap(ran -> ran.getValue().stream())
        .anyMatch(a -> a.from < until && endOf(a) > since);
  }

  /** One that did not end ran until its process was killed. */
  private long endOf(Attempt attempt) {
    return Math.min(
        attempt.to, history.kill(attempt.process).map(Outage::from).orElse(Long.MAX_VALUE));
  }

  private boolean isDisturbed(Outage kill, long until) {
    boolean storeWasDown =
        history.outages().stream()
            .anyMatch(
                o ->
                    o.fault().reach() == Fault.Reach.SERVER
                        && o.fault().mayCostLease()
                        && o.overlaps(kill.from(), until));
    return storeWasDown || wellWorkers(kill, until).findAny().isEmpty();
  }

  private Stream<String> wellWorkers(Outage kill, long until) {
    return workers.stream()
        .filter(worker -> !kill.hitsWorker(worker))
        .filter(worker -> wasWell(worker, kill.from(), until));
  }

  private boolean wasWell(String worker, long from, long to) {
    return history.outages().stream()
        .filter(o -> !o.fault().breaksConnections() && o.hitsWorker(worker))
        .noneMatch(o -> o.overlaps(from, to));
  }

  void check(Consumer<Violation> violations) {
    Duration p99 = percentile(first, 0.99);
    if (p99.compareTo(LIMIT) > 0) {
      String slowest = first.stream().max(Comparator.comparing(Restart::nanos)).orElseThrow().job();
      violations.accept(
          new Violation(
              Promise.RECOVERY_IN_TIME,
              slowest,
              "p99 is " + p99.toMillis() + " ms, of at most " + LIMIT.toMillis() + " ms"));
    }
  }

  private static Duration percentile(List<Restart> restarts, double share) {
    List<Long> sorted = restarts.stream().map(Restart::nanos).sorted().toList();
    return sorted.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
  }

  /** The figures, and a bar for each second. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(line("with the store up and a worker well", first));
    text.append(line("the same, in the queue behind them", queued));
    text.append(line("without, or claimed first by one who met a fault as well", disturbed));
    long most = first.stream().mapToLong(Restart::nanos).max().orElse(0);
    for (long second = 0; !first.isEmpty() && second <= most / SECOND; second++) {
      long at = second;
      long count = first.stream().filter(restart -> restart.nanos() / SECOND == at).count();
      text.append("    %2d s %4d %s%n".formatted(second, count, "#".repeat((int) count)));
    }
    return text.toString();
  }

  private static String line(String when, List<Restart> restarts) {
    return "  %s: %d, p50 %.1f s, p99 %.1f s, max %.1f s%n"
        .formatted(
            when,
            restarts.size(),
            percentile(restarts, 0.5).toMillis() / 1e3,
            percentile(restarts, 0.99).toMillis() / 1e3,
            percentile(restarts, 1).toMillis() / 1e3);
  }
}
