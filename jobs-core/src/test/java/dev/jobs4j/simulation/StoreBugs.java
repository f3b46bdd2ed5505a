package dev.jobs4j.simulation;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.core.memory.KnownFaults;
import dev.jobs4j.simulation.Swarm.Habitat;
import dev.jobs4j.simulation.Zoo.Animal;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Bugs of the statements that a store is made of. */
final class StoreBugs {

  private StoreBugs() {}

  static List<Animal> all() {
    return List.of(
        in("outcome by job alone, oban#1496", Rule.S3, StoreBugs::settlingByJob),
        in("outcome by worker name, aegra#547", Rule.S3, StoreBugs::settlingByName),
        known("outcome whatever the state, graphile", "STATE_NOT_COMPARED", Rule.S4),
        of(
            "rescue by an earlier look, river#1302",
            Rule.S10,
            (good, world) -> KnownFaults.rescuingByAnEarlierLook(good)),
        of(
            "jobs taken back without a fence",
            Rule.S10,
            (good, world) -> KnownFaults.takingBackWithoutFence(good)),
        known("reaped without grace", "GRACE_IGNORED", Rule.S10),
        in("a fenced engine comes back under its id", Rule.S10, StoreBugs::comingBack),
        known("a renewal that extends nothing, asynq#1144", "RENEWAL_DOES_NOT_EXTEND", Rule.S10),
        known("a crash is not counted, oban#137", "CRASH_NOT_COUNTED", Rule.S6),
        in("queued jobs have no heartbeat, db-scheduler", Rule.S10, StoreBugs::reapingTheQueued),
        in("the reaper's own clock", Rule.S10, (store, world) -> byOwnClock(store, "reap", world))
            .livesIn(Habitat.withJumps()),
        in("the claimer's own clock", Rule.S8, (store, world) -> byOwnClock(store, "claim", world))
            .livesIn(Habitat.withJumps()),
        known("pauses of queues overlooked", "PAUSE_OF_QUEUE_IGNORED", Rule.S8),
        new Animal("two leaders fire, cron", Rule.S11, new TwoLeaders())
            .livesIn(Habitat.withSchedules()),
        known("unknown types are given", "TYPES_IGNORED", Rule.S14),
        known("unknown versions are given", "VERSIONS_IGNORED", Rule.S14),
        in("unknown types are deleted, db-scheduler", Rule.S1, StoreBugs::deletingTheUnknown),
        known(
            "permits of silent engines are free", "PERMITS_OF_EXPIRED_ENGINES_ARE_FREE", Rule.S13),
        known("a retry lets the next in line pass", "RETRY_LETS_THE_NEXT_ONE_PASS", Rule.S13),
        known("seen before its commit", "TX_COMMITS_AT_ONCE", Rule.S9),
        known("a takeover keeps the token", "REAP_KEEPS_TOKEN", Rule.S5),
        known("what succeeded is requeued", "REQUEUE_TAKES_SUCCEEDED", Rule.S2),
        known("a lease twice as long as said", "LEASE_DOUBLED", Rule.L2));
  }

  private static Animal known(String name, String fault, Rule rule) {
    return of(name, rule, (good, world) -> KnownFaults.breaking(fault, good));
  }

  private static Animal in(String name, Rule rule, BiFunction<JobStore, World, JobStore> breaks) {
    return of(name, rule, breaks::apply);
  }

  private static Animal of(
      String name, Rule rule, BiFunction<InMemoryJobStore, World, JobStore> breaks) {
    return new Animal(
        name,
        rule,
        new Bug() {
          @Override
          public JobStore inStore(InMemoryJobStore good, World world) {
            return breaks.apply(good, world);
          }
        });
  }

  /** The settlements of a call, each under the token that {@code token} says, if it says one. */
  private static @Nullable Object settleBy(
      Object[] arguments, JobStore good, Function<TokenLease, @Nullable Long> by) {
    Set<TokenLease> lost = new HashSet<>();
    for (Object one : (Collection<?>) arguments[0]) {
      Settlement settlement = (Settlement) one;
      TokenLease lease = (TokenLease) settlement.lease();
      Long token = by.apply(lease);
      TokenLease used = token == null ? lease : new TokenLease(lease.id(), token);
      if (!good.settle(List.of(new Settlement(used, settlement.outcome()))).isEmpty()) {
        lost.add(lease);
      }
    }
    return lost;
  }

  private static JobStore settlingByJob(JobStore good, World world) {
    return Altered.of(
        JobStore.class,
        good,
        "settle",
        (arguments, as) ->
            settleBy(
                arguments,
                good,
                lease -> good.records().find(lease.id()).map(Job::token).orElse(null)));
  }

  /** Whoever has the name of the holder is taken for the holder. */
  private static JobStore settlingByName(JobStore good, World world) {
    return Altered.of(
        JobStore.class,
        good,
        "settle",
        (arguments, as) ->
            settleBy(
                arguments,
                good,
                lease -> {
                  Tracked job = world.ledger().find(lease.id());
                  Node holder = world.recorder().holder(job);
                  Node caller = world.recorder().caller();
                  return job != null
                          && holder != null
                          && caller != null
                          && holder.name().equals(caller.name())
                      ? job.token
                      : null;
                }));
  }

  /** Who was given a job and has not started it in half a lease has lost it. */
  private static JobStore reapingTheQueued(JobStore good, World world) {
    return Altered.of(
        JobStore.class,
        good,
        "reap",
        (arguments, as) -> {
          Reaped reaped = (Reaped) as.call();
          List<JobId> returned = new ArrayList<>(reaped.returned());
          long half = world.swarm().lease().duration().toNanos() / 2;
          for (Tracked job : List.copyOf(world.ledger().living())) {
            boolean queued =
                job.state == JobState.RUNNING
                    && !job.started.contains(job.token)
                    && world.agenda().nanos() - job.overSince > half;
            TokenLease lease = new TokenLease(job.id(), job.token);
            if (queued
                && good.settle(List.of(new Settlement(lease, new Outcome.Released()))).isEmpty()) {
              returned.add(job.id());
            }
          }
          return new Reaped(
              reaped.fenced(),
              returned,
              reaped.dead(),
              reaped.cancelled(),
              reaped.more(),
              reaped.nextEnd());
        });
  }

  /** The caller's clock is taken for the time. */
  private static JobStore byOwnClock(JobStore good, String call, World world) {
    return Altered.of(
        JobStore.class,
        good,
        call,
        (arguments, as) -> {
          Node caller = world.recorder().caller();
          world.agenda().skew(caller == null ? Duration.ZERO : caller.clockOff());
          try {
            return as.call();
          } finally {
            world.agenda().skew(Duration.ZERO);
          }
        });
  }

  /** Each engine thinks that it alone fires: it looks at no revision and makes jobs of its own. */
  private static final class TwoLeaders implements Bug {
    @Override
    public JobStore inStore(InMemoryJobStore good, World world) {
      return firing(good, firing -> withRevision(firing, good.schedules()));
    }

    @Override
    public JobStore atNode(Node node, JobStore wire, World world) {
      return firing(wire, firing -> withJobsOfItsOwn(firing, world));
    }

    private static JobStore firing(JobStore good, UnaryOperator<ScheduleFiring> change) {
      return Altered.of(
          JobStore.class,
          good,
          "schedules",
          (none, as) -> {
            ScheduleStore schedules = (ScheduleStore) as.call();
            return Altered.of(
                ScheduleStore.class,
                schedules,
                "fire",
                (arguments, fire) -> {
                  List<ScheduleFiring> changed = new ArrayList<>();
                  ((List<?>) arguments[0])
                      .forEach(one -> changed.add(change.apply((ScheduleFiring) one)));
                  return schedules.fire(changed);
                });
          });
    }

    private static ScheduleFiring withRevision(ScheduleFiring firing, ScheduleStore good) {
      long revision =
          good.find(firing.name()).map(StoredSchedule::revision).orElse(firing.revision());
      return new ScheduleFiring(
          firing.name(), revision, firing.jobs(), firing.then(), firing.ifHeld());
    }

    private static ScheduleFiring withJobsOfItsOwn(ScheduleFiring firing, World world) {
      List<NewJob> own =
          firing.jobs().stream()
              .map(
                  job ->
                      job.toBuilder()
                          .id(new JobId(new UUID(world.chance().seed(), world.chance().seed())))
                          .mayExist(false)
                          .uniqueKey(null)
                          .build())
              .toList();
      return new ScheduleFiring(
          firing.name(), firing.revision(), own, firing.then(), firing.ifHeld());
    }
  }

  /** An engine that the store knows no more is let in again under its old id. */
  private static JobStore comingBack(JobStore good, World world) {
    Map<EngineId, EngineInfo> known = new HashMap<>();
    JobStore remembering =
        Altered.of(
            JobStore.class,
            good,
            "register",
            (arguments, as) -> {
              EngineInfo engine = (EngineInfo) arguments[0];
              known.put(engine.id(), engine);
              return as.call();
            });
    return Altered.of(
        JobStore.class,
        remembering,
        "renew",
        (arguments, as) -> {
          Object mailbox = as.call();
          EngineInfo engine = known.get((EngineId) arguments[0]);
          if (engine == null || ((Optional<?>) mailbox).isPresent()) {
            return mailbox;
          }
          good.register(engine);
          return Optional.of(new Mailbox(List.of()));
        });
  }

  /** What the reaper does not know is taken for old. */
  private static JobStore deletingTheUnknown(JobStore good, World world) {
    return Altered.of(
        JobStore.class,
        good,
        "reap",
        (arguments, as) -> {
          Node caller = world.recorder().caller();
          for (Tracked job : List.copyOf(world.ledger().living())) {
            if (caller != null
                && job.state == JobState.PENDING
                && !caller.knows(job.job.type(), job.job.typeVersion())) {
              good.records().cancel(job.id());
              good.records().delete(job.id());
            }
          }
          return as.call();
        });
  }
}
