package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.settled;
import static dev.jobs4j.core.memory.Fault.settling;
import static dev.jobs4j.core.memory.Fault.showing;
import static dev.jobs4j.core.memory.Fault.taking;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong settlements. */
final class SettleFaults {

  private static final Failure NONE = new Failure("E", "", "");

  private SettleFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(outcomes());
    all.addAll(batches());
    all.addAll(tokens());
    return all;
  }

  private static List<Fault> outcomes() {
    return List.of(
        showing("END_NOT_DATED", (job, b) -> b.times(job.runAt(), job.createdAt(), null)),
        taking("RESULT_LOST", (row, o) -> o instanceof Outcome.Succeeded ? success(null) : o),
        taking("RESULT_INVENTED", (row, o) -> o.equals(success(null)) ? success(empty()) : o),
        taking("RESULT_CODEC_LOST", (row, o) -> withResult(o, r -> new Payload("json", r.bytes()))),
        taking("RETRY_DELAY_IGNORED", (row, o) -> retry(o, Duration.ZERO)),
        taking("RETRY_DELAY_DOUBLED", SettleFaults::doubled),
        taking("SNOOZE_DELAY_IGNORED", (row, o) -> snooze(o) ? new Outcome.Released() : o),
        settled(
            "RETRY_SPENDS_NO_ATTEMPT",
            (s, row, o) -> row.attempt -= o instanceof Outcome.Retry ? 1 : 0),
        settled("SNOOZE_SPENDS_AN_ATTEMPT", (s, row, o) -> row.attempt += snooze(o) ? 1 : 0),
        settled(
            "RELEASE_SPENDS_AN_ATTEMPT",
            (s, row, o) -> row.attempt += o instanceof Outcome.Released ? 1 : 0),
        new Fault("RETRY_DELAY_FROM_CLAIM", SettleFaults::delayingFromClaim),
        taking("FAILURE_CUT_TO_A_LINE", (row, o) -> withFailure(o, SettleFaults::firstLine)),
        recording(
            "ATTEMPTS_NOT_KEPT",
            (store, records) ->
                new ForwardingRecords(records) {
                  @Override
                  public List<AttemptRecord> attempts(JobId id) {
                    return List.of();
                  }
                }),
        Fault.keeping(
            "ONE_ATTEMPT_TOO_MANY",
            job -> job.maxAttempts = job.maxAttempts == null ? null : job.maxAttempts + 1),
        taking(
            "SNOOZE_IS_A_FAILURE",
            (row, o) -> snooze(o) ? new Outcome.Retry(Duration.ZERO, NONE) : o),
        taking(
            "DEAD_REASON_LOST",
            (row, o) ->
                o instanceof Outcome.Dead d
                    ? new Outcome.Dead(DeadReason.EXHAUSTED, d.failure())
                    : o),
        taking(
            "CANCEL_IS_A_DEATH",
            (row, o) ->
                o instanceof Outcome.Cancelled ? new Outcome.Dead(DeadReason.REJECTED, NONE) : o));
  }

  static Outcome success(@Nullable Payload result) {
    return new Outcome.Succeeded(result);
  }

  private static Payload empty() {
    return new Payload("json", new byte[0]);
  }

  private static boolean snooze(Outcome outcome) {
    return outcome instanceof Outcome.Snoozed;
  }

  private static Outcome retry(Outcome outcome, Duration delay) {
    return outcome instanceof Outcome.Retry r ? new Outcome.Retry(delay, r.failure()) : outcome;
  }

  private static Outcome doubled(Row row, Outcome outcome) {
    return outcome instanceof Outcome.Retry r ? retry(r, r.delay().multipliedBy(2)) : outcome;
  }

  static Outcome withResult(Outcome outcome, UnaryOperator<Payload> change) {
    return outcome instanceof Outcome.Succeeded s && s.result() != null
        ? success(change.apply(s.result()))
        : outcome;
  }

  static Outcome withFailure(Outcome o, UnaryOperator<Failure> change) {
    if (o instanceof Outcome.Retry r) {
      return new Outcome.Retry(r.delay(), change.apply(r.failure()));
    }
    return o instanceof Outcome.Dead d
        ? new Outcome.Dead(d.reason(), change.apply(d.failure()))
        : o;
  }

  private static Failure firstLine(Failure f) {
    return new Failure(f.errorClass(), f.message().lines().findFirst().orElse(""), f.stack());
  }

  private static JobStore delayingFromClaim(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Map<JobId, Long> claimedAt = new ConcurrentHashMap<>();

      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        List<LeasedJob> jobs = super.claim(request);
        jobs.forEach(job -> claimedAt.put(job.id(), store.now()));
        return jobs;
      }

      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        return super.settle(settlements.stream().map(this::sooner).toList());
      }

      private Settlement sooner(Settlement s) {
        long ago = store.now() - claimedAt.getOrDefault(lease(s).id(), store.now());
        if (!(s.outcome() instanceof Outcome.Retry r)) {
          return s;
        }
        long delay = Math.max(0, Micros.of(r.delay()) - ago);
        return new Settlement(s.lease(), retry(r, Duration.ofNanos(delay * 1_000)));
      }
    };
  }

  private static List<Fault> batches() {
    return List.of(
        new Fault("SETTLED_STAYS_IN_THE_BOOKS", SettleFaults::keepingBooks),
        new Fault("BATCH_STOPS_AT_LOST_LEASE", SettleFaults::stoppingAtLost),
        settling("BATCH_CUT_AT_500", (store, all) -> all.subList(0, Math.min(500, all.size()))),
        settling(
            "BATCH_DROPS_THE_LAST",
            (store, all) -> all.size() > 1 ? all.subList(0, all.size() - 1) : all),
        settling("BATCH_STOPS_AT_BAD_ROW", SettleFaults::refuseOdd),
        new Fault("LEASE_TWICE_COUNTS_TWICE", SettleFaults::countingTwice));
  }

  private static List<Settlement> refuseOdd(ForwardingStore store, List<Settlement> all) {
    for (Settlement s : all) {
      if (s.outcome() instanceof Outcome.Succeeded done
          && done.result() != null
          && done.result().codec().length() > 1_000) {
        throw new StoreException(
            "value too long", StoreException.Certainty.NOT_DONE, new IllegalStateException());
      }
    }
    return all;
  }

  private static JobStore keepingBooks(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Map<EngineId, Set<TokenLease>> given = new ConcurrentHashMap<>();

      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        List<LeasedJob> jobs = super.claim(request);
        Set<TokenLease> books =
            given.computeIfAbsent(request.engine(), id -> ConcurrentHashMap.newKeySet());
        jobs.forEach(job -> books.add((TokenLease) job.lease()));
        return jobs;
      }

      @Override
      public Set<TokenLease> held(EngineId engine) {
        return given.getOrDefault(engine, Set.of());
      }
    };
  }

  private static JobStore stoppingAtLost(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
          Set<TokenLease> lost = super.settle(List.of(settlement));
          if (!lost.isEmpty()) {
            return lost;
          }
        }
        return Set.of();
      }
    };
  }

  private static JobStore countingTwice(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        Set<TokenLease> lost = super.settle(settlements);
        Map<TokenLease, Integer> times = new LinkedHashMap<>();
        settlements.forEach(s -> times.merge(lease(s), 1, Integer::sum));
        times.forEach(
            (lease, n) -> {
              if (n > 1) {
                touch(lease.id(), row -> row.failed(store.now(), NONE));
              }
            });
        return lost;
      }
    };
  }

  private static List<Fault> tokens() {
    return List.of(
        new Fault("LOST_LEASES_NOT_NAMED", SettleFaults::namingNone),
        settling(
            "TOKEN_NOT_COMPARED",
            (store, all) -> all.stream().map(s -> current(store, s)).toList()),
        settling(
            "STATE_NOT_COMPARED",
            (store, all) -> all.stream().map(s -> revived(store, s)).toList()),
        settling("STALE_OUTCOME_AFTER_TAKEOVER", SettleFaults::acceptAfterTakeover),
        Fault.refused(
            "STALE_FAILURE_KEPT",
            (store, row, o) -> {
              if (o instanceof Outcome.Retry r) {
                row.lastFailure = r.failure();
              }
            }),
        settling("UNKNOWN_JOB_REVIVED", SettleFaults::reviveUnknown),
        new Fault("UNKNOWN_NOT_LOST", SettleFaults::knowingAll),
        new Fault("SETTLED_KNOWS_NOTHING", good -> answering(good, false)),
        new Fault("SETTLED_BY_STATE_ALONE", good -> answering(good, true)),
        new Fault("ASKING_WRITES", SettleFaults::writingWhenAsked));
  }

  private static JobStore namingNone(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        super.settle(settlements);
        return Set.of();
      }
    };
  }

  private static Settlement current(ForwardingStore store, Settlement s) {
    Row row = store.row(ForwardingStore.lease(s).id());
    return row == null ? s : new Settlement(row.lease(), s.outcome());
  }

  private static Settlement revived(ForwardingStore store, Settlement s) {
    TokenLease lease = ForwardingStore.lease(s);
    store.touch(
        lease.id(),
        row -> {
          if (row.token == lease.token()) {
            row.state = JobState.RUNNING;
          }
        });
    return s;
  }

  /** A job that was taken back and waits again takes the outcome of its old holder. */
  private static List<Settlement> acceptAfterTakeover(ForwardingStore store, List<Settlement> all) {
    List<Settlement> taken = new ArrayList<>();
    for (Settlement s : all) {
      TokenLease lease = ForwardingStore.lease(s);
      boolean[] stale = {false};
      store.touch(
          lease.id(),
          row -> {
            stale[0] = row.state == JobState.PENDING && row.token > lease.token();
            if (stale[0]) {
              row.state = JobState.RUNNING;
            }
          });
      taken.add(stale[0] ? current(store, s) : s);
    }
    return taken;
  }

  private static List<Settlement> reviveUnknown(ForwardingStore store, List<Settlement> all) {
    for (Settlement s : all) {
      JobId id = ForwardingStore.lease(s).id();
      if (store.row(id) == null) {
        store.store.insert(List.of(NewJob.of(id, "x", JobQueue.of("x"), empty())));
      }
    }
    return all;
  }

  private static JobStore knowingAll(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        Set<TokenLease> lost = new HashSet<>(super.settle(settlements));
        lost.removeIf(lease -> row(lease.id()) == null);
        return lost;
      }

      @Override
      public Set<TokenLease> settled(Collection<TokenLease> leases) {
        Set<TokenLease> settled = new HashSet<>(super.settled(leases));
        leases.stream().filter(lease -> row(lease.id()) == null).forEach(settled::add);
        return settled;
      }
    };
  }

  private static JobStore answering(InMemoryJobStore good, boolean byState) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settled(Collection<TokenLease> leases) {
        Set<TokenLease> settled = new HashSet<>(leases);
        settled.removeIf(
            lease -> {
              Row row = row(lease.id());
              return !byState || row == null || row.state == JobState.RUNNING;
            });
        return settled;
      }
    };
  }

  private static JobStore writingWhenAsked(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settled(Collection<TokenLease> leases) {
        Set<TokenLease> settled = super.settled(leases);
        leases.forEach(lease -> touch(lease.id(), row -> row.token++));
        return settled;
      }
    };
  }
}
