package dev.jobs4j.simulation;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.simulation.Swarm.Habitat;
import dev.jobs4j.simulation.Zoo.Animal;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Bugs of the engine's side: what it makes of answers, and of their absence. */
final class NodeBugs {

  private NodeBugs() {}

  static List<Animal> all() {
    return List.of(
        at("no heartbeat during a stop, db-scheduler#365", Rule.S7, NodeBugs::silentWhileStopping)
            .livesIn(Habitat.withLongStops()),
        at("last run kept in memory, jobrunr#899", Rule.S11, NodeBugs::rememberingFirings)
            .livesIn(Habitat.withSchedules()),
        at("a fence that nobody hears of", Rule.S7, NodeBugs::deafToFences)
            .livesIn(Habitat.withFreezes()),
        at("a claim that mostly looks away", Rule.L1, NodeBugs::lookingAway),
        at("insert repeated blindly, 08xxx", Rule.S1, NodeBugs::insertingAgain),
        at("an error is taken for an ack", Rule.S1, NodeBugs::acknowledging),
        at("an outcome dropped after an error", Rule.S3, NodeBugs::droppingOutcomes),
        at("orphans are never given back", Rule.L5, NodeBugs::keepingOrphans),
        new Animal("a key looked up beforehand", Rule.S12, new KeyLookedUp()),
        new Animal("a task is lost with its thread", Rule.L5, new TasksLost()),
        new Animal("a loop ends on an Error, quartz#541", Rule.L3, new LoopsEnd())
            .livesIn(Habitat.withErrors()));
  }

  @FunctionalInterface
  private interface Break {
    JobStore of(Node node, JobStore wire, World world);
  }

  private static Animal at(String name, Rule rule, Break breaks) {
    return new Animal(
        name,
        rule,
        new Bug() {
          @Override
          public JobStore atNode(Node node, JobStore wire, World world) {
            return breaks.of(node, wire, world);
          }
        });
  }

  private static JobStore silentWhileStopping(Node node, JobStore wire, World world) {
    return Altered.of(
        JobStore.class,
        wire,
        "renew",
        (arguments, as) -> node.isStopping() ? Optional.of(new Mailbox(List.of())) : as.call());
  }

  /** The first words are not heard. */
  private static JobStore deafToFences(Node node, JobStore wire, World world) {
    int[] words = new int[1];
    return Altered.of(
        JobStore.class,
        wire,
        "renew",
        (arguments, as) -> {
          Object mailbox = as.call();
          return ((Optional<?>) mailbox).isPresent() || ++words[0] % 4 == 0
              ? mailbox
              : Optional.of(new Mailbox(List.of()));
        });
  }

  private static JobStore lookingAway(Node node, JobStore wire, World world) {
    int[] claims = new int[1];
    return Altered.of(
        JobStore.class,
        wire,
        "claim",
        (arguments, as) -> ++claims[0] % 8 == 0 ? as.call() : List.of());
  }

  /** What fires next is what this engine remembers, whatever the row says. */
  private static JobStore rememberingFirings(Node node, JobStore wire, World world) {
    Map<String, Instant> next = new HashMap<>();
    return Altered.of(
        JobStore.class,
        wire,
        "schedules",
        (none, as) ->
            Altered.of(
                ScheduleStore.class,
                (ScheduleStore) as.call(),
                "due",
                (arguments, due) -> {
                  List<StoredSchedule> remembered = new ArrayList<>();
                  for (Object one : (List<?>) due.call()) {
                    remembered.add(remembered((StoredSchedule) one, next));
                  }
                  return remembered;
                }));
  }

  private static StoredSchedule remembered(StoredSchedule stored, Map<String, Instant> next) {
    SchedulePosition at = stored.position();
    Instant known = next.get(stored.name());
    Instant row = at.nextFiring();
    if (row != null) {
      next.put(stored.name(), row.plusSeconds(1));
    }
    if (known == null || row == null || !known.isBefore(row)) {
      return stored;
    }
    return new StoredSchedule(
        stored.definition(),
        new SchedulePosition(known, at.lookAt(), at.waiting(), at.lastFiring()),
        stored.pause(),
        stored.lastRun(),
        stored.revision(),
        stored.asOf());
  }

  private static JobStore insertingAgain(Node node, JobStore wire, World world) {
    return Altered.of(
        JobStore.class,
        wire,
        "insert",
        (arguments, as) -> {
          try {
            return as.call();
          } catch (StoreException e) {
            if (e.outcome() != Certainty.UNKNOWN) {
              throw e;
            }
            List<NewJob> fresh =
                jobs(arguments).stream()
                    .map(
                        job ->
                            job.toBuilder()
                                .id(
                                    new JobId(
                                        new UUID(
                                            job.id().value().getMostSignificantBits(),
                                            world.chance().seed())))
                                .mayExist(false)
                                .build())
                    .toList();
            return wire.insert(fresh, Durability.DEFAULT);
          }
        });
  }

  private static List<NewJob> jobs(Object[] arguments) {
    List<NewJob> jobs = new ArrayList<>();
    ((List<?>) arguments[0]).forEach(job -> jobs.add((NewJob) job));
    return jobs;
  }

  private static JobStore acknowledging(Node node, JobStore wire, World world) {
    return Altered.of(
        JobStore.class,
        wire,
        "insert",
        (arguments, as) -> {
          try {
            return as.call();
          } catch (StoreException e) {
            return jobs(arguments).stream()
                .<Enqueued>map(job -> new Enqueued.Created(job.id()))
                .toList();
          }
        });
  }

  private static JobStore droppingOutcomes(Node node, JobStore wire, World world) {
    return Altered.of(
        JobStore.class,
        wire,
        "settle",
        (arguments, as) -> {
          try {
            return as.call();
          } catch (StoreException e) {
            return Set.of();
          }
        });
  }

  /** A claim without an answer is taken for none, and nobody compares the books. */
  private static JobStore keepingOrphans(Node node, JobStore wire, World world) {
    JobStore forgetting =
        Altered.of(
            JobStore.class,
            wire,
            "claim",
            (arguments, as) -> {
              try {
                return as.call();
              } catch (StoreException e) {
                throw new StoreException("no jobs", Certainty.NOT_DONE, e);
              }
            });
    return Altered.of(JobStore.class, forgetting, "held", (arguments, as) -> Set.of());
  }

  /** Keys are looked up in one statement, and the jobs stored in another that checks nothing. */
  private static final class KeyLookedUp implements Bug {
    @Override
    public JobStore inStore(InMemoryJobStore good, World world) {
      return Altered.of(
          JobStore.class,
          good,
          "insert",
          (arguments, as) ->
              arguments.length > 1 && !(arguments[1] instanceof Durability)
                  ? as.call()
                  : good.insert(
                      jobs(arguments).stream()
                          .map(job -> job.toBuilder().uniqueKey(null).build())
                          .toList()));
    }

    @Override
    public JobStore atNode(Node node, JobStore wire, World world) {
      return Altered.of(
          JobStore.class,
          wire,
          "insert",
          (arguments, as) -> {
            List<NewJob> jobs = jobs(arguments);
            if (arguments.length > 1 && !(arguments[1] instanceof Durability)) {
              return as.call();
            }
            List<@Nullable JobId> holders = jobs.stream().map(job -> holder(job, world)).toList();
            List<NewJob> free = new ArrayList<>();
            for (int i = 0; i < jobs.size(); i++) {
              if (holders.get(i) == null) {
                free.add(jobs.get(i));
              }
            }
            wire.records().find(jobs.get(0).id()); // the way to the store and back
            List<Enqueued> stored =
                free.isEmpty() ? List.of() : new ArrayList<>(wire.insert(free, Durability.DEFAULT));
            return answers(holders, stored);
          });
    }

    private static List<Enqueued> answers(List<@Nullable JobId> holders, List<Enqueued> stored) {
      List<Enqueued> answers = new ArrayList<>();
      int next = 0;
      for (JobId holder : holders) {
        answers.add(holder == null ? stored.get(next++) : new Enqueued.Existing(holder));
      }
      return answers;
    }

    private static @Nullable JobId holder(NewJob job, World world) {
      if (job.uniqueKey() == null) {
        return null;
      }
      String key = job.uniqueKey().value();
      return world.ledger().living().stream()
          .filter(other -> other.job.uniqueKey() != null)
          .filter(other -> key.equals(other.job.uniqueKey().value()))
          .map(Tracked::id)
          .findFirst()
          .orElse(null);
    }
  }

  /** Now and then a task goes the way of its thread. */
  private static final class TasksLost implements Bug {
    @Override
    public Executor executor(Node node, Executor good) {
      int[] tasks = new int[1];
      return task -> {
        if (++tasks[0] % 7 != 0) {
          good.execute(task);
        }
      };
    }
  }

  /** A control loop that survives exceptions, and no Errors. */
  private static final class LoopsEnd implements Bug {
    @Override
    public boolean survives(@Nullable Throwable error) {
      return !(error instanceof Error);
    }
  }
}
