package dev.jobs4j.store.mongo;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.Document;

/**
 * Takes jobs back from engines that died or left, and finishes what processes that died have left
 * half done. Every step is guarded or repeatable, so two nodes may do it at once.
 */
final class Takeover {

  private final MongoCollection<Document> jobs;
  private final Engines engines;
  private final GiveBack giveBack;
  private final Batches batches;
  private final WaitingJobs waiting;
  private final ServerClock clock;

  Takeover(
      Areas areas,
      Engines engines,
      GiveBack giveBack,
      Batches batches,
      WaitingJobs waiting,
      ServerClock clock) {
    this.jobs = areas.jobs();
    this.engines = engines;
    this.giveBack = giveBack;
    this.batches = batches;
    this.waiting = waiting;
    this.clock = clock;
  }

  /**
   * Fences, then sweeps what fenced engines hold. A claim that was under way at the fence may still
   * write after this sweep; its claimer then sees the fence and gives the job back, and if it died,
   * the next reap sweeps again, whether or not the engine still has an entry.
   */
  Reaped reap(ReapRequest request) {
    long now = clock.now();
    List<EngineId> fenced = engines.fenceExpired(Micros.minus(now, request.grace()));
    List<JobId> returned = new ArrayList<>();
    List<JobId> dead = new ArrayList<>();
    List<JobId> cancelled = new ArrayList<>();
    int left = Math.min(request.limit(), Integer.MAX_VALUE - 1);
    boolean more = false;
    for (UUID engine : engines.lost()) {
      List<Document> held = held(engine, left + 1);
      more |= held.size() > left;
      for (Document job : held.subList(0, Math.min(left, held.size()))) {
        left--;
        giveBack
            .crashed(job, request.maxCrashes())
            .ifPresent(
                fate ->
                    (switch (fate) {
                          case RETURNED -> returned;
                          case DEAD -> dead;
                          case CANCELLED -> cancelled;
                        })
                        .add(JobDocument.id(job)));
      }
    }
    engines.forgetUnnamed();
    batches.repair(now);
    waiting.repair();
    return new Reaped(
        fenced, returned, dead, cancelled, more, engines.nextEnd(now, request.grace()));
  }

  /** Repeatable: one that was fenced before, by whomever, says by this that nothing of it runs. */
  void retire(EngineId engine) {
    engines.fence(engine);
    for (Document job : held(engine.value(), Integer.MAX_VALUE)) {
      giveBack.unharmed(job);
    }
    engines.forgetUnnamed();
  }

  private List<Document> held(UUID engine, int limit) {
    return jobs.find(Engines.heldBy(engine))
        .projection(Projections.exclude(JobDocument.PAYLOAD))
        .limit(limit)
        .into(new ArrayList<>());
  }
}
