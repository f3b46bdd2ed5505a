package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.recording;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PruneRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is over, deleted or kept wrongly. */
final class KeepingFaults {

  private static final Duration FOREVER = Retention.FOREVER;

  private KeepingFaults() {}

  static List<Fault> all() {
    return Stream.of(prunes(), retentions(), attempts(), audits(), children(), PruneRaces.all())
        .flatMap(List::stream)
        .toList();
  }

  private interface Prune {
    int prune(ForwardingStore store, PruneRequest request);
  }

  private static Fault pruning(String name, Prune pruning) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public int prune(PruneRequest request) {
                return pruning.prune(this, request);
              }
            });
  }

  /** Prunes by another retention. */
  private static Fault keeping(String name, UnaryOperator<Retention> change) {
    return pruning(
        name,
        (store, request) ->
            store.store.prune(
                new PruneRequest(
                    change.apply(request.retention()), request.archive(), request.limit())));
  }

  private static List<Fault> prunes() {
    return List.of(
        pruning("PRUNE_DOES_NOTHING", (store, request) -> 0),
        keeping("PRUNE_IGNORES_RETENTION", r -> Retention.of(Duration.ZERO)),
        pruning(
            "PRUNE_IGNORES_LIMIT",
            (store, request) ->
                store.store.prune(
                    new PruneRequest(request.retention(), request.archive(), 10_000))),
        pruning("PRUNE_COUNTS_FROM_ENQUEUE", KeepingFaults::pruneByEnqueue),
        pruningToo("PRUNE_TAKES_DEAD_LETTERS", JobState.DEAD),
        pruningToo("PRUNE_TAKES_PENDING", JobState.PENDING),
        pruningToo("PRUNE_TAKES_RUNNING", JobState.RUNNING),
        pruning("PRUNE_LEAVES_KEYS", KeepingFaults::pruneJobsAlone),
        new Fault("PRUNE_LEAVES_RESULTS", KeepingFaults::leavingResults),
        new Fault("PRUNE_REMEMBERS_A_FORMER_END", KeepingFaults::rememberingEnds));
  }

  private static long time(ForwardingStore store, PruneRequest request) {
    Duration age = request.retention().ageOf(JobState.SUCCEEDED);
    return age.equals(FOREVER) ? Long.MIN_VALUE : store.store.now() - Micros.of(age);
  }

  private static int forgetOld(ForwardingStore store, PruneRequest request, JobState state) {
    int gone = store.store.prune(request);
    long time = time(store, request);
    for (Row row : store.rows(state)) {
      if (row.createdAt < time) {
        store.touch(row.id(), store.store.tables()::forget);
        gone++;
      }
    }
    return gone;
  }

  private static int pruneByEnqueue(ForwardingStore store, PruneRequest request) {
    return forgetOld(store, request, JobState.SUCCEEDED);
  }

  private static Fault pruningToo(String name, JobState state) {
    return pruning(name, (store, request) -> forgetOld(store, request, state));
  }

  private static int pruneJobsAlone(ForwardingStore store, PruneRequest request) {
    return store.store.locked(
        () -> new Pruning(store.store.tables(), new Audit()).jobs(request, store.store.now()));
  }

  private static ForwardingStore leavingResults(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Map<JobId, Row> pruned = new ConcurrentHashMap<>();

      @Override
      public int prune(PruneRequest request) {
        List<Row> before = rows(JobState.SUCCEEDED);
        int gone = super.prune(request);
        before.stream()
            .filter(row -> row(row.id()) == null)
            .forEach(row -> pruned.put(row.id(), row));
        return gone;
      }

      @Override
      public JobRecords records() {
        return new ForwardingRecords(super.records()) {
          @Override
          public Optional<Payload> result(JobId id) {
            return super.result(id)
                .or(() -> Optional.ofNullable(pruned.get(id)).map(row -> row.result));
          }
        };
      }
    };
  }

  private static ForwardingStore rememberingEnds(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(PruneRequest request) {
        for (Row row : rows(JobState.PENDING)) {
          if (row.token > 0) {
            touch(
                row.id(),
                ended -> {
                  store.tables().cancel(ended, store.now());
                  store.tables().forget(ended);
                });
          }
        }
        return super.prune(request);
      }
    };
  }

  private static List<Fault> retentions() {
    return List.of(
        keeping(
            "STATES_SHARE_ONE_RETENTION",
            r ->
                r.keep(JobState.CANCELLED, r.ageOf(JobState.SUCCEEDED))
                    .keep(
                        JobState.DEAD,
                        r.ageOf(JobState.DEAD).equals(FOREVER)
                            ? FOREVER
                            : r.ageOf(JobState.SUCCEEDED))),
        keeping("DEAD_LETTERS_NEVER_GO", KeepingFaults::withoutDead),
        keeping(
            "QUEUES_KEEP_ALIKE",
            r -> new Retention(r.states(), Map.of(), r.attempts(), r.attemptAge(), r.audit())),
        keeping("QUEUE_RULE_HIDES_THE_REST", KeepingFaults::hiding),
        keeping("DEATH_IN_ONE_QUEUE_IS_FOR_ALL", KeepingFaults::forAll),
        keeping("FOREVER_IS_A_YEAR", KeepingFaults::aYear),
        pruning("LIMIT_IS_NOT_FOR_DEAD_LETTERS", KeepingFaults::unlimitedDead));
  }

  private static Retention withoutDead(Retention r) {
    Retention changed = r.keep(JobState.DEAD, FOREVER);
    for (JobQueue queue : r.queues().keySet()) {
      changed = changed.keep(queue.name(), JobState.DEAD, FOREVER);
    }
    return changed;
  }

  private static Retention hiding(Retention r) {
    Retention changed = r;
    for (JobQueue queue : r.queues().keySet()) {
      for (JobState state : r.states().keySet()) {
        if (!r.queues().getOrDefault(queue, Map.of()).containsKey(state)) {
          changed = changed.keep(queue.name(), state, FOREVER);
        }
      }
    }
    return changed;
  }

  private static Retention forAll(Retention r) {
    Retention changed = r;
    for (JobQueue queue : r.queues().keySet()) {
      changed = changed.keep(JobState.DEAD, r.ageOf(queue, JobState.DEAD));
    }
    return changed;
  }

  private static Retention aYear(Retention r) {
    Retention changed = r;
    for (JobState state : List.of(JobState.SUCCEEDED, JobState.CANCELLED)) {
      if (r.ageOf(state).equals(FOREVER)) {
        changed = changed.keep(state, Duration.ofDays(365));
      }
    }
    return changed;
  }

  private static int unlimitedDead(ForwardingStore store, PruneRequest request) {
    int gone = store.store.prune(request);
    Retention dead =
        Retention.of(FOREVER).keep(JobState.DEAD, request.retention().ageOf(JobState.DEAD));
    return gone + store.store.prune(new PruneRequest(dead, 10_000));
  }

  private static List<Fault> attempts() {
    return List.of(
        keeping("ATTEMPTS_STAY", r -> r.keepAttempts(Integer.MAX_VALUE)),
        keeping("OLD_ATTEMPTS_STAY", r -> r.keepAttempts(FOREVER)),
        keeping(
            "ONE_ATTEMPT_STAYS", r -> r.attempts() == Integer.MAX_VALUE ? r : r.keepAttempts(1)),
        pruning("ATTEMPTS_ARE_COUNTED_TOGETHER", KeepingFaults::countTogether));
  }

  private static int countTogether(ForwardingStore store, PruneRequest request) {
    List<Row> rows = new ArrayList<>(store.rows(JobState.PENDING));
    int all = rows.stream().mapToInt(row -> row.attempts().size()).sum();
    int over = Math.max(0, all - request.retention().attempts());
    for (Row row : rows) {
      int take = Math.min(over, row.attempts().size() - 1);
      if (take > 0 && request.retention().attempts() < Integer.MAX_VALUE) {
        store.touch(row.id(), r -> r.forgetAttempts(r.attempts().size() - take, Long.MIN_VALUE));
        over -= take;
      }
    }
    return store.store.prune(request);
  }

  private static List<Fault> audits() {
    return List.of(
        keeping("THE_AUDIT_STAYS", r -> r.keepAudit(FOREVER)),
        keeping(
            "THE_AUDIT_GOES_WITH_JOBS",
            r -> r.keepAudit(r.audit().equals(FOREVER) ? r.ageOf(JobState.SUCCEEDED) : r.audit())),
        new Fault("THE_AUDIT_COUNTS_ANEW", KeepingFaults::countingAnew));
  }

  private static ForwardingStore countingAnew(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private long pruned;

      @Override
      public int prune(PruneRequest request) {
        long before = last();
        int gone = super.prune(request);
        if (!request.retention().audit().equals(FOREVER) && last() == 0) {
          pruned = before;
        }
        return gone;
      }

      private long last() {
        return store.records().letters().audit(null, Long.MAX_VALUE, 1).stream()
            .mapToLong(AuditEntry::number)
            .findFirst()
            .orElse(0);
      }

      @Override
      public JobRecords records() {
        return new ForwardingRecords(super.records()) {
          @Override
          public DeadLetterRecords letters() {
            return new ForwardingLetters(super.letters()) {
              @Override
              public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
                return super.audit(job, before, limit).stream().map(e -> anew(e)).toList();
              }
            };
          }
        };
      }

      private AuditEntry anew(AuditEntry e) {
        return new AuditEntry(
            e.number() - pruned, e.action(), e.job(), e.operator(), e.at(), e.change());
      }
    };
  }

  private static List<Fault> children() {
    return List.of(
        pruning(
            "PRUNE_LEAVES_THOSE_WHO_WAIT_FOR_CANCELLED",
            (store, request) -> leavingChildren(store, request, JobState.CANCELLED)),
        pruning(
            "PRUNE_LEAVES_THOSE_WHO_WAIT_FOR_DEAD",
            (store, request) -> leavingChildren(store, request, JobState.DEAD)),
        recording("DELETE_LEAVES_THOSE_WHO_WAIT_FOR_CANCELLED", KeepingFaults::leavingRequeued),
        pruning("PRUNE_TAKES_REDRIVEN_LETTERS", KeepingFaults::takingRedriven));
  }

  private static int leavingChildren(ForwardingStore store, PruneRequest request, JobState state) {
    List<JobId> before = store.rows(state).stream().map(Row::id).toList();
    List<JobId> cancelled = store.rows(JobState.CANCELLED).stream().map(Row::id).toList();
    int gone = store.store.prune(request);
    for (Row row : store.rows(JobState.CANCELLED)) {
      if (!cancelled.contains(row.id())
          && row.job.after().stream().anyMatch(p -> before.contains(p) && store.row(p) == null)) {
        store.store.records().requeue(row.id());
      }
    }
    return gone;
  }

  private static ForwardingRecords leavingRequeued(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean delete(JobId id) {
        Row row = store.row(id);
        boolean wasCancelled = row != null && row.state == JobState.CANCELLED;
        boolean gone = super.delete(id);
        if (wasCancelled) {
          WaitingFaults.revive(store, id);
        }
        return gone;
      }
    };
  }

  private static int takingRedriven(ForwardingStore store, PruneRequest request) {
    if (!request.retention().ageOf(JobState.DEAD).equals(FOREVER)) {
      for (Row row : store.rows(JobState.PENDING)) {
        if (row.token > 0) {
          store.touch(row.id(), redriven -> store.store.tables().cancel(redriven, 0));
        }
      }
    }
    return store.store.prune(request);
  }
}
