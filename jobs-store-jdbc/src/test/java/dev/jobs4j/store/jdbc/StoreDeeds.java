package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a store itself is asked to do, each beside another transaction. */
final class StoreDeeds {

  private static final Operator ANN = new Operator("ann", "is on call");
  private static final Failure FAILURE = new Failure("E", "e", "");
  private static final UniqueKey KEY = new UniqueKey("k", Duration.ZERO, UniqueKey.OnConflict.KEEP);

  private final Map<String, VictimWorld.Deed> deeds;

  StoreDeeds(Map<String, VictimWorld.Deed> deeds) {
    this.deeds = deeds;
  }

  private void put(String call, VictimWorld.Deed deed) {
    deeds.put(call, deed);
  }

  /** Puts all of them. */
  void put() {
    putInserts();
    putEngines();
    putEndings();
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
}
