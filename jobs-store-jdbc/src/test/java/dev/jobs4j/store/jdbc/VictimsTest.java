package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LogLine.Level;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.TokenLease;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever the store is asked to do, each of its statements may be the victim of a deadlock: the
 * whole is run again and ends as if nothing had happened.
 */
class VictimsTest {

  private static final Operator ANN = new Operator("ann", "is on call");
  private static final Failure FAILURE = new Failure("E", "e", "");
  private static final UniqueKey KEY = new UniqueKey("k", Duration.ZERO, UniqueKey.OnConflict.KEEP);
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  private static final List<Databases> DATABASES =
      List.of(Databases.H2, Databases.POSTGRES_18, Databases.MARIADB);

  private static final List<String> TABLES =
      List.of(
          "engine",
          "job",
          "history",
          "dead",
          "audit",
          "attempt",
          "key",
          "wait",
          "note",
          "schedule",
          "pause",
          "limit_rule",
          "limit_key",
          "limit_use",
          "limit_wait",
          "line",
          "place");

  /** These ask the database nothing, or run in the caller's transaction, which is his to repeat. */
  private static final Set<String> WITHOUT =
      Set.of(
          "JobStore.capabilities",
          "JobStore.hasMetLimits",
          "JobStore.pauses",
          "JobStore.limits",
          "JobStore.following",
          "JobStore.records",
          "JobStore.notes",
          "JobStore.schedules",
          "JobStore.wakeUps",
          "JobStore.close",
          "JobRecords.letters",
          "JobRecords.deadLetters");

  /** Prepares what it needs, then does it through the store that stumbles; tells how it went. */
  private interface Deed {
    Object of(World world) throws Exception;
  }

  private final Map<String, Deed> deeds = new LinkedHashMap<>();

  VictimsTest() {
    putInserts();
    putEngines();
    putEndings();
    putRecords();
    putLetters();
    putNotes();
    putSchedules();
    putOthers();
  }

  /** One set of tables, a store on it, and one that stumbles. */
  private static final class World {
    private final HikariDataSource pool;
    private final JdbcStoreOptions options = Databases.newTables();
    private final Stumble stumble;
    private final JdbcJobStore plain;
    private final JdbcJobStore stumbling;
    private int nth;

    World(HikariDataSource pool) {
      this.pool = pool;
      stumble = new Stumble(pool);
      plain = JdbcJobStore.of(pool, options);
      stumbling = JdbcJobStore.of(stumble.dataSource(), options);
    }

    String table(String name) {
      return options.tablePrefix() + name;
    }

    JobStore armed() {
      stumble.at(nth);
      return stumbling;
    }

    LeasedJob running() {
      Steps.insert(plain);
      return Steps.claim(plain, 1).get(0);
    }

    JobId dead() {
      LeasedJob job = running();
      Steps.settle(plain, job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
      return job.id();
    }

    JobId succeeded() {
      LeasedJob job = running();
      Steps.settle(plain, job, Steps.succeeded());
      return job.id();
    }

    Object run(Deed deed, int stumbles) throws Exception {
      for (String table : TABLES) {
        Steps.execute(pool, "DELETE FROM " + table(table));
      }
      nth = stumbles;
      stumble.at(0);
      return deed.of(this);
    }
  }

  @TestFactory
  Stream<DynamicTest> aVictimRunsAgainWhateverItDoes() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Databases database : DATABASES) {
      deeds.forEach(
          (name, deed) ->
              tests.add(
                  DynamicTest.dynamicTest(
                      name + " on " + database, () -> assertRunsAgain(database, deed))));
    }
    return tests.stream();
  }

  private static final Map<Databases, World> WORLDS = new LinkedHashMap<>();

  private static World world(Databases database) {
    return WORLDS.computeIfAbsent(database, of -> new World(of.open()));
  }

  private static void assertRunsAgain(Databases database, Deed deed) throws Exception {
    World world = world(database);
    Object expected = world.run(deed, 0);
    int statements = 0;
    do {
      statements++;
      assertThat(world.run(deed, statements))
          .as("victim is statement %s", statements)
          .isEqualTo(expected);
    } while (world.stumble.stumbled());
    assertThat(statements).as("at least one statement was met").isGreaterThan(1);
  }

  @Test
  void everyCallThatAsksTheDatabaseIsLookedAt() {
    Set<String> calls = new TreeSet<>();
    for (Class<?> type :
        List.of(
            JobStore.class,
            JobRecords.class,
            DeadLetterRecords.class,
            JobNotes.class,
            ScheduleStore.class,
            Pauses.class,
            JobLimits.class)) {
      Stream.of(type.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .forEach(method -> calls.add(type.getSimpleName() + "." + method.getName()));
    }
    calls.removeAll(WITHOUT);
    Set<String> lookedAt = new TreeSet<>();
    deeds.keySet().forEach(name -> lookedAt.add(name.replaceAll(" .*", "")));

    assertThat(lookedAt).isEqualTo(calls);
  }

  private void put(String call, Deed deed) {
    deeds.put(call, deed);
  }

  private static NewJob with(UnaryBuilder change) {
    NewJob job = Steps.job();
    NewJob.Builder builder =
        NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
            .priority(job.priority())
            .due(job.due());
    return change.of(builder).build();
  }

  private interface UnaryBuilder {
    NewJob.Builder of(NewJob.Builder builder);
  }

  private static NewJob inLine() {
    return with(builder -> builder.fifo(new Fifo("line", Fifo.OnDead.SKIP)));
  }

  private void putInserts() {
    put("JobStore.insert one", w -> w.armed().insert(List.of(Steps.job())).size());
    put(
        "JobStore.insert keys, parents and lines",
        w -> {
          JobId parent = Steps.insert(w.plain);
          UniqueKey key = KEY;
          List<NewJob> jobs =
              List.of(
                  with(builder -> builder.uniqueKey(key)),
                  with(builder -> builder.uniqueKey(key)),
                  Steps.after(parent),
                  inLine(),
                  inLine(),
                  with(builder -> builder.mayExist(true)));
          return w.armed().insert(jobs).stream()
              .map(one -> one.getClass().getSimpleName())
              .toList();
        });
    put(
        "JobStore.insert by another durability",
        w -> w.armed().insert(List.of(Steps.job()), dev.jobs4j.api.Durability.RELAXED).size());
  }

  private void putEngines() {
    put(
        "JobStore.register",
        w -> {
          EngineId id = new EngineId(UUID.randomUUID());
          w.armed()
              .register(
                  new EngineInfo(id, "node", "0.1", Duration.ofMinutes(1), Map.of(), Map.of()));
          return w.plain.renew(id).isPresent();
        });
    put(
        "JobStore.renew",
        w -> {
          EngineId id = Steps.engine(w.plain);
          return w.armed().renew(id).isPresent();
        });
    put(
        "JobStore.retire",
        w -> {
          EngineId id = Steps.engine(w.plain);
          Steps.insert(w.plain);
          w.plain.claim(Steps.claimOf(id, 1));
          w.armed().retire(id);
          return Steps.claim(w.plain, 5).size();
        });
    put(
        "JobStore.claim",
        w -> {
          w.plain.insert(List.of(Steps.job(), Steps.job()));
          EngineId id = Steps.engine(w.plain);
          return w.armed().claim(Steps.claimOf(id, 5)).size();
        });
    put(
        "JobStore.claim with limits",
        w -> {
          w.plain.limits().orElseThrow().define(JobLimit.running("carrier", 1));
          w.plain.insert(Steps.jobsFor("acme", 2, Duration.ZERO, "carrier/dhl"));
          EngineId id = Steps.engine(w.plain);
          return w.armed().claim(Steps.claimOf(id, 5)).size();
        });
    put(
        "JobStore.claim by turns",
        w -> {
          w.plain.insert(Steps.jobsFor("acme", 2, Duration.ZERO));
          EngineId id = Steps.engine(w.plain);
          return w.armed().claim(Steps.turnOf(id, 5)).size();
        });
    put(
        "JobStore.claimed",
        w -> {
          Steps.insert(w.plain);
          EngineId id = Steps.engine(w.plain);
          var request = Steps.claimOf(id, 1);
          w.plain.claim(request);
          return w.armed().claimed(id, request.claimId()).size();
        });
    put(
        "JobStore.held",
        w -> {
          Steps.insert(w.plain);
          EngineId id = Steps.engine(w.plain);
          w.plain.claim(Steps.claimOf(id, 1));
          return w.armed().held(id).size();
        });
    put(
        "JobStore.opensIn",
        w -> {
          w.plain.limits().orElseThrow().define(JobLimit.running("carrier", 1));
          EngineId id = Steps.engine(w.plain);
          w.plain.insert(Steps.jobsFor("acme", 2, Duration.ZERO, "carrier/dhl"));
          w.stumbling.claim(Steps.claimOf(id, 5)); // only who has met a limit asks
          return w.armed().opensIn(Steps.QUEUE).isPresent();
        });
  }

  private void putEndings() {
    put(
        "JobStore.settle",
        w -> {
          w.plain.insert(
              List.of(
                  Steps.job(),
                  Steps.job(),
                  Steps.job(),
                  inLine(),
                  inLine(),
                  with(builder -> builder.uniqueKey(KEY))));
          List<LeasedJob> jobs = Steps.claim(w.plain, 10);
          JobId parent = jobs.get(0).id();
          w.plain.insert(List.of(Steps.after(parent)));
          List<Settlement> batch = new ArrayList<>();
          for (int i = 0; i < jobs.size(); i++) {
            Outcome outcome =
                switch (i) {
                  case 0 -> new Outcome.Succeeded(null, List.of(Steps.job()));
                  case 1 -> new Outcome.Retry(Duration.ZERO, FAILURE);
                  case 2 -> new Outcome.Dead(DeadReason.REJECTED, FAILURE);
                  default -> Steps.succeeded();
                };
            batch.add(new Settlement(jobs.get(i).lease(), outcome));
          }
          assertThat(w.armed().settle(batch)).isEmpty();
          return w.plain.records().count(Steps.QUEUE);
        });
    put(
        "JobStore.settled",
        w -> {
          LeasedJob job = w.running();
          Steps.settle(w.plain, job, Steps.succeeded());
          return w.armed().settled(List.of((TokenLease) job.lease())).size();
        });
    put(
        "JobStore.reap",
        w -> {
          w.plain.insert(List.of(Steps.job(), inLine()));
          EngineId id = Steps.engine(w.plain, Duration.ofMillis(1));
          Steps.claim(w.plain, 5);
          Steps.execute(w.pool, "UPDATE " + w.table("engine") + " SET expires_at = registered_at");
          assertThat(id).isNotNull();
          return w.armed().reap(new ReapRequest(Duration.ZERO, 10, 3)).returned().size();
        });
    put(
        "JobStore.expire",
        w -> {
          w.plain.insert(
              List.of(
                  with(builder -> builder.expires(new Due.In(Duration.ZERO))),
                  with(
                      builder ->
                          builder
                              .fifo(new Fifo("line", Fifo.OnDead.SKIP))
                              .expires(new Due.In(Duration.ZERO))),
                  inLine()));
          return w.armed().expire(10).size();
        });
    put(
        "JobStore.prune",
        w -> {
          w.dead();
          w.succeeded();
          Steps.settle(w.plain, w.running(), new Outcome.Retry(Duration.ZERO, FAILURE));
          w.plain.pauses().orElseThrow().pause(Pause.tenant("acme"), ANN);
          Retention none =
              Retention.defaults()
                  .keep(dev.jobs4j.api.JobState.SUCCEEDED, Duration.ZERO)
                  .keep(dev.jobs4j.api.JobState.DEAD, Duration.ZERO)
                  .keepAttempts(Duration.ZERO)
                  .keepAudit(Duration.ZERO);
          w.armed().prune(new PruneRequest(none, 100));
          w.plain.prune(new PruneRequest(none, 100)); // attempts take several calls
          return w.plain.records().count(Steps.QUEUE);
        });
  }

  private void putRecords() {
    put(
        "JobRecords.find",
        w -> {
          JobId id = Steps.insert(w.plain);
          return w.armed().records().find(id).isPresent();
        });
    put(
        "JobRecords.standing",
        w -> {
          JobId id = Steps.insert(w.plain);
          return w.armed().records().standing(id).isPresent();
        });
    put(
        "JobRecords.isLocked",
        w -> {
          JobId id = Steps.insert(w.plain);
          return w.armed().records().isLocked(id);
        });
    put(
        "JobRecords.cancel",
        w -> {
          JobId parent = Steps.insert(w.plain);
          w.plain.insert(List.of(Steps.after(parent), inLine()));
          return w.armed().records().cancel(parent);
        });
    put(
        "JobRecords.requeue",
        w -> {
          JobId id = w.dead();
          return w.armed().records().requeue(id);
        });
    put(
        "JobRecords.delete",
        w -> {
          JobId id = w.succeeded();
          return w.armed().records().delete(id);
        });
    put(
        "JobRecords.result",
        w -> {
          JobId id = w.succeeded();
          return w.armed().records().result(id);
        });
    put(
        "JobRecords.results",
        w -> {
          JobId id = w.succeeded();
          return w.armed().records().results(List.of(id)).size();
        });
    put(
        "JobRecords.attempts",
        w -> {
          JobId id = w.dead();
          return w.armed().records().attempts(id).size();
        });
    put(
        "JobRecords.progress",
        w -> {
          JobId id = w.dead();
          return w.armed().records().progress(id);
        });
    put(
        "JobRecords.log",
        w -> {
          JobId id = w.dead();
          return w.armed().records().log(id, 0, 10).lines().size();
        });
    put(
        "JobRecords.content",
        w -> {
          JobId id = w.dead();
          return w.armed().records().content(id).isPresent();
        });
    put(
        "JobRecords.count",
        w -> {
          w.dead();
          return w.armed().records().count(Steps.QUEUE);
        });
  }

  private void putLetters() {
    DeadLetterFilter all = DeadLetterFilter.all();
    put(
        "DeadLetterRecords.list",
        w -> {
          w.dead();
          return w.armed().records().letters().list(all, null, 5).size();
        });
    put(
        "DeadLetterRecords.ids",
        w -> {
          w.dead();
          return w.armed().records().letters().ids(all, null, 5).size();
        });
    put(
        "DeadLetterRecords.find",
        w -> {
          JobId id = w.dead();
          return w.armed().records().letters().find(id).isPresent();
        });
    put(
        "DeadLetterRecords.groups",
        w -> {
          w.dead();
          return w.armed().records().letters().groups(all, 5).size();
        });
    put(
        "DeadLetterRecords.redrive",
        w -> {
          JobId id = w.dead();
          w.armed().records().letters().redrive(Map.of(id, Duration.ZERO), ANN);
          return w.plain.records().find(id).orElseThrow().state();
        });
    put(
        "DeadLetterRecords.edit",
        w -> {
          JobId id = w.dead();
          return w.armed().records().letters().edit(id, Steps.job().payload(), 2, ANN);
        });
    put(
        "DeadLetterRecords.discard",
        w -> {
          JobId id = w.dead();
          return w.armed().records().letters().discard(Set.of(id), ANN).size();
        });
    put(
        "DeadLetterRecords.blockedLines",
        w -> w.armed().records().letters().blockedLines(null, 5).size());
    put(
        "DeadLetterRecords.audit",
        w -> {
          JobId id = w.dead();
          w.plain.records().letters().redrive(Map.of(id, Duration.ZERO), ANN);
          return w.armed().records().letters().audit(id, Long.MAX_VALUE, 5).size();
        });
  }

  private void putNotes() {
    KeptStep step = new KeptStep("download", Steps.job().payload());
    put(
        "JobNotes.step",
        w -> {
          LeasedJob job = w.running();
          w.plain.notes().orElseThrow().keep((TokenLease) job.lease(), step);
          return w.armed().notes().orElseThrow().step(job.id(), "download").isPresent();
        });
    put(
        "JobNotes.keep",
        w -> {
          LeasedJob job = w.running();
          return w.armed().notes().orElseThrow().keep((TokenLease) job.lease(), step);
        });
    put(
        "JobNotes.report",
        w -> {
          LeasedJob job = w.running();
          Report report =
              new Report(
                  (TokenLease) job.lease(),
                  new Report.Standing(1, 2, "half", Duration.ZERO),
                  List.of(new Report.Line(1, Level.INFO, Duration.ZERO, "said")));
          return w.armed().notes().orElseThrow().report(List.of(report), 10, true).size();
        });
  }

  private static ScheduleDefinition definition() {
    return new ScheduleDefinition(
        "nightly",
        "0 3 * * *",
        "UTC",
        "RUN_ONCE",
        "SKIP",
        Duration.ZERO,
        null,
        false,
        Steps.job().toBuilder().id(new JobId(new UUID(0, 0))).build());
  }

  private static StoredSchedule saved(World w) {
    return w.plain.schedules().save(definition(), asOf -> Optional.of(LATER));
  }

  private void putSchedules() {
    put(
        "ScheduleStore.save",
        w ->
            w.armed()
                .schedules()
                .save(definition(), asOf -> Optional.of(LATER))
                .definition()
                .name());
    put(
        "ScheduleStore.save a change",
        w -> {
          saved(w);
          return w.armed()
              .schedules()
              .save(
                  new ScheduleDefinition(
                      "nightly",
                      "0 4 * * *",
                      "UTC",
                      "RUN_ONCE",
                      "SKIP",
                      Duration.ZERO,
                      null,
                      false,
                      definition().job()),
                  asOf -> Optional.of(LATER))
              .definition()
              .spec();
        });
    put(
        "ScheduleStore.find",
        w -> {
          saved(w);
          return w.armed().schedules().find("nightly").isPresent();
        });
    put(
        "ScheduleStore.list",
        w -> {
          saved(w);
          return w.armed().schedules().list(null, 5).size();
        });
    put(
        "ScheduleStore.delete",
        w -> {
          saved(w);
          return w.armed().schedules().delete("nightly");
        });
    put(
        "ScheduleStore.pause",
        w -> {
          saved(w);
          return w.armed().schedules().pause("nightly", new SchedulePause("ann", "why", null));
        });
    put(
        "ScheduleStore.resume",
        w -> {
          saved(w);
          w.plain.schedules().pause("nightly", new SchedulePause("ann", "why", null));
          return w.armed().schedules().resume("nightly");
        });
    put(
        "ScheduleStore.due",
        w -> {
          saved(w);
          return w.armed().schedules().due(5).size();
        });
    put(
        "ScheduleStore.fire",
        w -> {
          StoredSchedule stored = saved(w);
          ScheduleFiring firing =
              new ScheduleFiring(
                  "nightly", stored.revision(), List.of(Steps.job()), stored.position(), null);
          return w.armed().schedules().fire(List.of(firing)).keySet();
        });
  }

  private void putOthers() {
    put(
        "Pauses.pause",
        w -> {
          w.armed().pauses().orElseThrow().pause(Pause.tenant("acme"), ANN);
          return w.plain.pauses().orElseThrow().list().size();
        });
    put(
        "Pauses.resume",
        w -> {
          w.plain.pauses().orElseThrow().pause(Pause.tenant("acme"), ANN);
          return w.armed().pauses().orElseThrow().resume(Pause.tenant("acme"));
        });
    put("Pauses.list", w -> w.armed().pauses().orElseThrow().list().size());
    put(
        "JobLimits.define",
        w -> {
          w.armed().limits().orElseThrow().define(JobLimit.running("carrier", 2));
          return w.plain.limits().orElseThrow().list();
        });
    put(
        "JobLimits.remove",
        w -> {
          w.plain.limits().orElseThrow().define(JobLimit.running("carrier", 2));
          return w.armed().limits().orElseThrow().remove("carrier");
        });
    put("JobLimits.list", w -> w.armed().limits().orElseThrow().list().size());
    put(
        "JobLimits.use",
        w -> w.armed().limits().orElseThrow().use(LimitKey.parse("carrier/dhl")).running());
  }
}
