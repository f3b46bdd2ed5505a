package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Standing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What people and tools may see and do. A job stays one document, so there is one place to look.
 */
final class MongoRecords implements JobRecords {

  private final MongoCollection<Document> jobs;
  private final Engines engines;
  private final Batches batches;
  private final Burial burial;
  private final ServerClock clock;
  private final Revival revival;
  private final DeadLetterRecords letters;

  MongoRecords(
      Areas areas,
      Engines engines,
      Batches batches,
      Burial burial,
      Audit audit,
      Revival revival,
      ServerClock clock) {
    this.jobs = areas.jobs();
    this.engines = engines;
    this.batches = batches;
    this.burial = burial;
    this.revival = revival;
    this.clock = clock;
    letters = new MongoDeadLetters(areas, revival, burial, audit);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return StoreErrors.oneStep(
        "find job " + id,
        () -> {
          Document job = look(id);
          return job == null
              ? Optional.empty()
              : StoredState.of(job).visible().map(state -> JobDocument.job(job, state));
        });
  }

  @Override
  public Optional<Standing> standing(JobId id) {
    return StoreErrors.oneStep(
        "look at job " + id,
        () -> {
          Document job = look(id);
          return job == null
              ? Optional.empty()
              : StoredState.of(job).visible().map(state -> standing(job, state));
        });
  }

  private Standing standing(Document job, JobState state) {
    long now = clock.now();
    List<UUID> waits = job.getList(JobDocument.WAITS, UUID.class, List.of());
    Set<JobId> dead = new LinkedHashSet<>();
    jobs.find(and(in(JobDocument.ID, waits), eq(JobDocument.STATE, StoredState.DEAD.name())))
        .projection(Projections.include(JobDocument.ID))
        .limit(Standing.PARENTS)
        .forEach(parent -> dead.add(JobDocument.id(parent)));
    List<JobId> parents =
        Stream.concat(dead.stream(), waits.stream().map(JobId::new))
            .distinct()
            .limit(Standing.PARENTS)
            .toList();
    Job seen = JobDocument.job(job, state);
    List<LiveEngine> live = engines.live(job, now);
    return new Standing(
        seen,
        Micros.instant(now),
        state == JobState.PENDING ? Standing.Waits.on(parents, dead) : Standing.Waits.NOTHING,
        state == JobState.PENDING ? ahead(job, now, Standing.wanted(seen, live, List.of())) : 0,
        List.of(),
        live);
  }

  private int ahead(Document job, long now, Map<String, Integer> types) {
    if (types.isEmpty()) {
      return 0;
    }
    int priority = job.getInteger(JobDocument.PRIORITY);
    long runAt = job.getLong(JobDocument.RUN_AT);
    Bson due =
        and(
            eq(JobDocument.STATE, StoredState.PENDING.name()),
            eq(JobDocument.QUEUE, job.getString(JobDocument.QUEUE)),
            ClaimUpdate.known(types),
            lte(JobDocument.RUN_AT, now));
    Bson earlier =
        or(
            lt(JobDocument.RUN_AT, runAt),
            and(
                eq(JobDocument.RUN_AT, runAt),
                lt(JobDocument.ID, job.get(JobDocument.ID, UUID.class))));
    return (int)
        jobs.countDocuments(
            and(
                due,
                or(
                    lt(JobDocument.PRIORITY, priority),
                    and(eq(JobDocument.PRIORITY, priority), earlier))),
            new CountOptions().limit(Standing.MOST));
  }

  @Override
  public Cancellation cancel(JobId id) {
    return StoreErrors.oneStep("cancel job " + id, () -> tryCancel(id));
  }

  /**
   * Each try is guarded by the state it is about; a job that moves on between them is met again.
   */
  private Cancellation tryCancel(JobId id) {
    Bson itself = eq(JobDocument.ID, id.value());
    while (true) {
      Document job = look(id);
      if (job == null || StoredState.of(job).visible().isEmpty()) {
        return Cancellation.UNKNOWN;
      }
      if (StoredState.ENDED.contains(job.getString(JobDocument.STATE))) {
        return Cancellation.TOO_LATE;
      }
      if (matches(
          and(itself, in(JobDocument.STATE, StoredState.NOT_STARTED)),
          combine(
              JobDocument.ended(StoredState.CANCELLED, clock.now()), unset(JobDocument.WAITS)))) {
        return Cancellation.CANCELLED;
      }
      if (matches(
          and(itself, eq(JobDocument.STATE, StoredState.RUNNING.name())),
          set(JobDocument.CANCEL_REQUESTED, true))) {
        return Cancellation.REQUESTED;
      }
    }
  }

  @Override
  public boolean requeue(JobId id) {
    return StoreErrors.manySteps(
        "requeue job " + id,
        () -> revival.revive(id, StoredState.REQUEUEABLE, Duration.ZERO) == Revival.Answer.DONE);
  }

  @Override
  public boolean delete(JobId id) {
    return StoreErrors.oneStep(
        "delete job " + id,
        () -> {
          Document job = look(id);
          return job != null
              && StoredState.ENDED.contains(job.getString(JobDocument.STATE))
              && burial.bury(job);
        });
  }

  @Override
  public Optional<Payload> result(JobId id) {
    return StoreErrors.oneStep(
        "read the result of job " + id,
        () ->
            Optional.ofNullable(look(id))
                .map(job -> job.get(JobDocument.RESULT, Document.class))
                .map(JobDocument::payload));
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return StoreErrors.oneStep(
        "read the attempts of job " + id,
        () -> Optional.ofNullable(look(id)).map(JobDocument::attempts).orElse(List.of()));
  }

  @Override
  public Optional<NewJob> content(JobId id) {
    return StoreErrors.oneStep(
        "read what job " + id + " was",
        () ->
            Optional.ofNullable(
                    jobs.find(
                            and(
                                eq(JobDocument.ID, id.value()),
                                in(JobDocument.STATE, StoredState.ENDED)))
                        .first())
                .map(JobDocument::content));
  }

  @Override
  public DeadLetterRecords letters() {
    return letters;
  }

  @Override
  public Map<JobState, Long> count(JobQueue queue) {
    return StoreErrors.oneStep(
        "count the jobs of queue " + queue,
        () -> {
          Map<JobState, Long> counts = new EnumMap<>(JobState.class);
          jobs.aggregate(
                  List.of(
                      Aggregates.match(eq(JobDocument.QUEUE, queue.name())),
                      Aggregates.group("$" + JobDocument.STATE, Accumulators.sum("n", 1L))))
              .forEach(
                  group ->
                      StoredState.valueOf(group.getString("_id"))
                          .visible()
                          .ifPresent(
                              state ->
                                  counts.merge(
                                      state, group.get("n", Number.class).longValue(), Long::sum)));
          return counts;
        });
  }

  /** The document, without its payload. A job of a committed batch enters its queue first. */
  private @Nullable Document look(JobId id) {
    Bson itself = eq(JobDocument.ID, id.value());
    Document job = jobs.find(itself).projection(Projections.exclude(JobDocument.PAYLOAD)).first();
    if (job == null || StoredState.of(job) != StoredState.ENTERING) {
      return job;
    }
    if (batches.decision(job.getObjectId(JobDocument.BATCH)) == Batches.Decision.COMMITTED) {
      batches.finish(job.getObjectId(JobDocument.BATCH));
    }
    return jobs.find(itself).projection(Projections.exclude(JobDocument.PAYLOAD)).first();
  }

  private boolean matches(Bson guard, Bson update) {
    return jobs.updateOne(guard, update).getMatchedCount() == 1;
  }
}
