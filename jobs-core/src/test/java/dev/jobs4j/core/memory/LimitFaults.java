package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.claimingBy;
import static dev.jobs4j.core.memory.Fault.claimingNothing;
import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.refused;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Wrong limits. */
final class LimitFaults {

  private LimitFaults() {}

  static List<Fault> all() {
    return List.of(
        keeping("LIMITS_IGNORED", job -> job.limits = Set.of()),
        keeping("LIMIT_KEYS_FOLDED", job -> job.limits = mapped(job.limits, key -> "")),
        keeping(
            "LIMITS_BY_QUEUE",
            job -> job.limits = mapped(job.limits, key -> key + job.queue.name())),
        keeping(
            "ONLY_ONE_LIMIT",
            job -> job.limits = job.limits.stream().sorted().limit(1).collect(Collectors.toSet())),
        claimingBy(
            "LIMITED_JOBS_AHEAD",
            (store, r) ->
                new ClaimRequest(
                    r.engine(),
                    r.claimId(),
                    r.queue(),
                    r.types(),
                    r.limit(),
                    0,
                    r.suspect(),
                    r.turn())),
        defining("RATES_IGNORED", limit -> new JobLimit(limit.name(), limit.running(), null)),
        defining("RUNNING_IGNORED", limit -> new JobLimit(limit.name(), null, limit.rate())),
        defining("ONE_MORE_RUNS", limit -> running(limit, 1)),
        defining("BURST_DOUBLED", limit -> bursts(limit, 2)),
        defining("RATE_DOUBLED", limit -> rated(limit, 2)),
        defining("RATE_HALVED", limit -> rated(limit, 0.5)),
        new Fault(
            "LIMITS_FORGOTTEN",
            good ->
                new Rules(good) {
                  @Override
                  public List<JobLimit> list() {
                    return List.of();
                  }
                }),
        new Fault(
            "REMOVED_LIMITS_STAY",
            good ->
                new Rules(good) {
                  @Override
                  public boolean remove(String name) {
                    return rules.list().stream().anyMatch(limit -> limit.name().equals(name));
                  }
                }),
        new Fault(
            "FIRST_DEFINITION_STAYS",
            good ->
                new Rules(good) {
                  @Override
                  public void define(JobLimit limit) {
                    if (rules.list().stream()
                        .noneMatch(other -> other.name().equals(limit.name()))) {
                      rules.define(limit);
                    }
                  }
                }),
        new Fault(
            "USE_UNKNOWN",
            good ->
                new Rules(good) {
                  @Override
                  public LimitUse use(LimitKey key) {
                    return new LimitUse(key, 1, 1);
                  }
                }),
        Fault.showing(
            "HELD_BACK_DOES_NOT_SAY_SO",
            (job, shown) -> {
              if (job.blockReason().orElse(null) == BlockReason.LIMIT) {
                shown.blockReason(null);
              }
            }),
        settled("PERMITS_KEPT_BY_THE_SETTLED", (store, row, outcome) -> keep(store, row)),
        settled(
            "PERMITS_KEPT_BY_THOSE_PUT_OFF",
            (store, row, outcome) -> {
              if (outcome instanceof Outcome.Retry || outcome instanceof Outcome.Snoozed) {
                keep(store, row);
              }
            }),
        settled(
            "PERMITS_KEPT_BY_THE_RELEASED",
            (store, row, outcome) -> {
              if (outcome instanceof Outcome.Released) {
                keep(store, row);
              }
            }),
        settled("STARTS_FORGOTTEN", (store, row, outcome) -> forgetStarts(store, row)),
        refused(
            "LOST_LEASES_GIVE_PERMITS_BACK",
            (store, row, outcome) -> {
              if (row.state == JobState.RUNNING) {
                store.store.tables().limits.release(row);
              }
            }),
        Fault.reaped("PERMITS_KEPT_BY_THE_REAPED", LimitFaults::keep),
        claimingBy("PERMITS_OF_EXPIRED_ENGINES_ARE_FREE", LimitFaults::freeExpired),
        new Fault("PERMITS_KEPT_BY_THE_RETIRED", Retiring::new),
        new Fault("WAITING_TAKES_THE_OTHERS_PERMITS", TakingOthers::new),
        claimingNothing("HELD_BACK_HOLD_UP_THE_REST", (store, r) -> limited(store) > 20),
        claimingNothing("UNKNOWN_LIMITS_ARE_SHUT", LimitFaults::anyUnknown),
        claimingNothing("UNKNOWN_TYPES_HOLD_A_KEY", LimitFaults::anyUnknownType),
        Fault.requeued(
            "REQUEUE_LOSES_LIMITS",
            (store, row) -> row.job = row.job.toBuilder().limits(Set.of()).build()),
        new Fault("NOBODY_TELLS_WHEN_IT_OPENS", good -> opening(good, time -> Optional.empty())),
        new Fault("IT_OPENS_AT_ONCE", good -> opening(good, time -> time.map(t -> Duration.ZERO))),
        new Fault(
            "IT_ALWAYS_OPENS",
            good -> opening(good, time -> Optional.of(time.orElse(Duration.ofSeconds(40))))));
  }

  private static Set<LimitKey> mapped(Set<LimitKey> keys, UnaryOperator<String> to) {
    return keys.stream()
        .map(key -> new LimitKey(key.limit(), to.apply(key.key())))
        .collect(Collectors.toSet());
  }

  private static Fault defining(String name, UnaryOperator<JobLimit> change) {
    return new Fault(
        name,
        good ->
            new Rules(good) {
              @Override
              public void define(JobLimit limit) {
                rules.define(change.apply(limit));
              }
            });
  }

  private static JobLimit running(JobLimit limit, int more) {
    return limit.running() == null ? limit : limit.running(limit.running() + more);
  }

  private static JobLimit bursts(JobLimit limit, int factor) {
    return limit.rate() == null ? limit : limit.burst(factor * limit.rate().burst());
  }

  private static JobLimit rated(JobLimit limit, double factor) {
    JobLimit.Rate rate = limit.rate();
    if (rate == null) {
      return limit;
    }
    Duration per = Duration.ofNanos((long) (rate.per().toNanos() / factor));
    return limit.rate(rate.starts(), per).burst(rate.burst());
  }

  private static ForwardingStore opening(
      InMemoryJobStore good, UnaryOperator<Optional<Duration>> change) {
    return new ForwardingStore(good) {
      @Override
      public Optional<Duration> opensIn(JobQueue queue) {
        return change.apply(super.opensIn(queue));
      }
    };
  }

  private static void keep(ForwardingStore store, Row row) {
    if (row.state != JobState.RUNNING) {
      store.store.tables().limits.take(row, 0);
    }
  }

  private static void forgetStarts(ForwardingStore store, Row row) {
    store.store.tables().limits.forget(row.job.limits());
  }

  private static ClaimRequest freeExpired(ForwardingStore store, ClaimRequest request) {
    return store.store.locked(
        () -> {
          Tables tables = store.store.tables();
          for (EngineRow engine : tables.engines.values()) {
            if (engine.expiresAt < store.store.now()) {
              engine.running.forEach(
                  row -> {
                    tables.limits.release(row);
                    row.job = row.job.toBuilder().limits(Set.of()).build();
                  });
            }
          }
          return request;
        });
  }

  private static long limited(ForwardingStore store) {
    return store.rows(JobState.PENDING).stream().filter(row -> !row.job.limits().isEmpty()).count();
  }

  private static boolean anyUnknown(ForwardingStore store, ClaimRequest request) {
    Set<String> known =
        store.store.limits().orElseThrow().list().stream()
            .map(JobLimit::name)
            .collect(Collectors.toSet());
    return store.rows(JobState.PENDING).stream()
        .flatMap(row -> row.job.limits().stream())
        .anyMatch(key -> !known.contains(key.limit()));
  }

  private static boolean anyUnknownType(ForwardingStore store, ClaimRequest request) {
    return store.rows(JobState.PENDING).stream()
        .anyMatch(
            row -> !row.job.limits().isEmpty() && !request.types().containsKey(row.job.type()));
  }

  /** Takes no permits back from an engine that leaves. */
  private static final class Retiring extends ForwardingStore {
    Retiring(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public void retire(EngineId engine) {
      List<Row> running =
          store.locked(() -> List.copyOf(store.tables().engines.get(engine).running));
      super.retire(engine);
      store.locked(
          () -> {
            running.forEach(row -> keep(this, row));
            return engine;
          });
    }
  }

  /** What waits for one key holds the permits of its others. */
  private static final class TakingOthers extends ForwardingStore {
    TakingOthers(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      return store.locked(
          () -> {
            List<Row> before = rows(JobState.PENDING);
            List<LeasedJob> jobs = super.claim(request);
            before.stream()
                .filter(row -> row.parkedOn != null && row.job.limits().size() > 1)
                .limit(1)
                .forEach(row -> store.tables().limits.take(row, 0));
            return jobs;
          });
    }
  }

  /** A store whose limits are wrong. */
  private abstract static class Rules extends ForwardingStore implements JobLimits {
    final JobLimits rules;

    Rules(InMemoryJobStore good) {
      super(good);
      rules = good.limits().orElseThrow();
    }

    @Override
    public Optional<JobLimits> limits() {
      return Optional.of(this);
    }

    @Override
    public void define(JobLimit limit) {
      rules.define(limit);
    }

    @Override
    public boolean remove(String name) {
      return rules.remove(name);
    }

    @Override
    public List<JobLimit> list() {
      return rules.list();
    }

    @Override
    public LimitUse use(LimitKey key) {
      return rules.use(key);
    }
  }
}
