package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.claimingBy;
import static dev.jobs4j.core.memory.Fault.claimingNothing;
import static dev.jobs4j.core.memory.Fault.reaped;
import static dev.jobs4j.core.memory.Fault.reapingBy;
import static dev.jobs4j.core.memory.Fault.reporting;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Wrong takeovers, wrong suspects. */
final class ReapFaults {

  private ReapFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(takeovers());
    all.addAll(reports());
    all.addAll(suspects());
    return all;
  }

  private static List<Fault> takeovers() {
    return List.of(
        reaped("REAP_COUNTS_ATTEMPT", (store, row) -> row.attempt++),
        reaped("REAP_KEEPS_TOKEN", (store, row) -> row.token--),
        reaped("REAP_DELAYS", (store, row) -> row.runAt += 86_400_000_000L),
        new Fault("REAP_LEAVES_BOOKS", ReapFaults::leavingBooks),
        new Fault("REAP_TOUCHES_WHAT_DOES_NOT_RUN", ReapFaults::touchingAll),
        new Fault("REAP_TAKES_THE_LIVING", good -> expiring(good, false)),
        new Fault("REAP_FENCES_ALL_WITH_ONE", good -> expiring(good, true)),
        new Fault("REAP_FORGETS_CANCEL", ReapFaults::forgettingCancel),
        new Fault("REAP_CANCELS_UNDER_OLD_TOKEN", ReapFaults::cancellingUnderOldToken),
        new Fault("REAP_STOPS_HALFWAY", ReapFaults::stoppingHalfway),
        reapingBy("REAP_IGNORES_LIMIT", r -> new ReapRequest(r.grace(), 10_000, r.maxCrashes())));
  }

  private static List<Fault> reports() {
    return List.of(
        reporting(
            "REAP_TELLS_NO_IDLE_ENGINE",
            r -> r.returned().isEmpty() ? report(r, List.of(), r.more()) : r),
        new Fault("REAP_TELLS_ENGINES_AGAIN", ReapFaults::tellingAgain),
        reporting("REAP_NEVER_SAYS_MORE", r -> report(r, r.fenced(), false)),
        reporting("REAP_ALWAYS_SAYS_MORE", r -> report(r, r.fenced(), true)),
        reporting("NEXT_END_NEVER_TOLD", r -> ending(r, Optional.empty())),
        reporting(
            "NEXT_END_WITHOUT_GRACE", r -> ending(r, r.nextEnd().map(end -> end.minusMinutes(5)))),
        new Fault("NEXT_END_OF_THE_LAST", ReapFaults::tellingTheLastEnd),
        reporting(
            "NEXT_END_TOLD_FOR_NOBODY",
            r -> ending(r, r.nextEnd().or(() -> Optional.of(Duration.ZERO)))));
  }

  private static Reaped ending(Reaped r, Optional<Duration> nextEnd) {
    return new Reaped(r.fenced(), r.returned(), r.dead(), r.cancelled(), r.more(), nextEnd);
  }

  private static Reaped report(Reaped r, List<EngineId> fenced, boolean more) {
    return new Reaped(fenced, r.returned(), r.dead(), r.cancelled(), more, r.nextEnd());
  }

  private static JobStore tellingTheLastEnd(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        return ending(
            reaped,
            store.tables().engines.values().stream()
                .filter(engine -> engine.live)
                .map(engine -> Micros.plus(engine.expiresAt, request.grace()))
                .max(Comparator.naturalOrder())
                .map(last -> Micros.between(store.now(), last)));
      }
    };
  }

  private static JobStore leavingBooks(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Set<TokenLease> reaped = ConcurrentHashMap.newKeySet();

      @Override
      public Reaped reap(ReapRequest request) {
        List<Row> before = rows(JobState.RUNNING);
        List<TokenLease> leases = before.stream().map(Row::lease).toList();
        Reaped result = super.reap(request);
        leases.stream()
            .filter(lease -> result.returned().contains(lease.id()))
            .forEach(reaped::add);
        return result;
      }

      @Override
      public Set<TokenLease> held(EngineId engine) {
        Set<TokenLease> all = new HashSet<>(super.held(engine));
        all.addAll(reaped);
        return all;
      }
    };
  }

  private static JobStore touchingAll(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        touchAll(
            row -> {
              if (!reaped.returned().contains(row.id())) {
                row.token++;
              }
            });
        return reaped;
      }
    };
  }

  private static JobStore expiring(InMemoryJobStore good, boolean onlyIfOneIs) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        store.locked(
            () -> {
              List<EngineRow> all = List.copyOf(store.tables().engines.values());
              long limit = store.now() - Micros.of(request.grace());
              if (!onlyIfOneIs || all.stream().anyMatch(e -> e.expiresAt < limit)) {
                all.forEach(e -> e.expiresAt = Math.min(e.expiresAt, limit - 1));
              }
              return all;
            });
        return super.reap(request);
      }
    };
  }

  private static JobStore forgettingCancel(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        touchAll(row -> row.cancelRequested = false);
        return super.reap(request);
      }
    };
  }

  private static JobStore cancellingUnderOldToken(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        reaped.cancelled().forEach(id -> touch(id, row -> row.token--));
        return reaped;
      }
    };
  }

  /** Takes one job of each engine and thinks that was all. */
  private static JobStore stoppingHalfway(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(new ReapRequest(request.grace(), 1, request.maxCrashes()));
        return report(reaped, reaped.fenced(), false);
      }
    };
  }

  private static JobStore tellingAgain(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Set<EngineId> told = ConcurrentHashMap.newKeySet();

      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        told.addAll(reaped.fenced());
        return report(reaped, List.copyOf(told), reaped.more());
      }
    };
  }

  private static List<Fault> suspects() {
    return List.of(
        reaped("TAKEOVER_MAKES_NO_SUSPECT", (store, row) -> row.suspect = false),
        reaped(
            "FIRST_TAKEOVER_COUNTS_CRASH", (store, row) -> row.crashes = Math.max(1, row.crashes)),
        claimingBy(
            "SUSPECT_GIVEN_UNASKED",
            (store, r) -> ClaimFaults.copy(r, r.queue(), r.types(), r.limit(), true)),
        new Fault("SUSPECTS_GIVEN_TOGETHER", ReapFaults::givingTogether),
        claimingNothing(
            "SUSPECT_BLOCKS_ALL",
            (store, r) ->
                !r.suspect() && store.rows(JobState.PENDING).stream().anyMatch(row -> row.suspect)),
        claimingNothing(
            "SUSPECT_NEVER_GIVEN",
            (store, r) -> store.rows(JobState.PENDING).stream().anyMatch(row -> row.suspect)),
        reaped("CRASH_NOT_COUNTED", (store, row) -> row.crashes = 0),
        reapingBy(
            "ONE_CRASH_TOO_MANY", r -> new ReapRequest(r.grace(), r.limit(), r.maxCrashes() + 1)),
        Fault.recording(
            "CRASH_NOT_REMEMBERED",
            (store, records) ->
                new ForwardingRecords(records) {
                  @Override
                  public List<AttemptRecord> attempts(JobId id) {
                    return super.attempts(id).stream()
                        .filter(attempt -> !attempt.failure().equals(Optional.empty()))
                        .toList();
                  }
                }),
        keepingSuspect("RETRY_KEEPS_SUSPECT", Outcome.Retry.class),
        keepingSuspect("SNOOZE_KEEPS_SUSPECT", Outcome.Snoozed.class),
        settled(
            "RELEASE_CLEARS_SUSPECT",
            (store, row, o) -> row.suspect &= !(o instanceof Outcome.Released)),
        Fault.requeued("REQUEUE_KEEPS_CRASHES", (store, row) -> row.crashes = 1));
  }

  private static JobStore givingTogether(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claim(ClaimRequest r) {
        List<LeasedJob> all = new ArrayList<>(super.claim(r));
        boolean more = r.suspect() && !all.isEmpty();
        while (more && all.size() < r.limit()) {
          List<LeasedJob> next =
              super.claim(ClaimFaults.copy(r, r.queue(), r.types(), r.limit() - all.size(), true));
          all.addAll(next);
          more = !next.isEmpty();
        }
        return all;
      }
    };
  }

  private static Fault keepingSuspect(String name, Class<? extends Outcome> kind) {
    Set<JobId> suspects = ConcurrentHashMap.newKeySet();
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<LeasedJob> claim(ClaimRequest request) {
                List<LeasedJob> jobs = super.claim(request);
                jobs.stream().filter(LeasedJob::suspect).forEach(job -> suspects.add(job.id()));
                return jobs;
              }

              @Override
              public Set<TokenLease> settle(List<Settlement> settlements) {
                Set<TokenLease> lost = super.settle(settlements);
                for (Settlement s : settlements) {
                  boolean kept = kind.isInstance(s.outcome()) && suspects.contains(lease(s).id());
                  touch(lease(s).id(), row -> row.suspect |= kept);
                }
                return lost;
              }
            });
  }
}
