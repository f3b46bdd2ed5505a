package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Updates.pullByFilter;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.PruneRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is kept no longer, job by job, each only if it is still as it was found. Queues are
 * walked by the index, so one that has nothing old costs a look at its oldest job.
 */
final class Pruning {

  /** How many jobs are looked at for attempts that are too old or too many. */
  private static final int PAGE = 1_000;

  private static final UUID FIRST = new UUID(0, 0);
  private static final String ATTEMPT_TOKEN = JobDocument.ATTEMPTS + "." + JobDocument.TOKEN;
  private static final String ATTEMPT_END = JobDocument.ATTEMPTS + "." + JobDocument.ENDED_AT;

  private final MongoCollection<Document> jobs;
  private final Burial burial;
  private final UniqueKeys keys;
  private final Audit audit;
  private final ServerClock clock;

  /** Behind this job goes the search for attempts on. */
  private volatile UUID from = FIRST;

  Pruning(Areas areas, Burial burial, UniqueKeys keys, Audit audit, ServerClock clock) {
    this.jobs = areas.jobs();
    this.burial = burial;
    this.keys = keys;
    this.audit = audit;
    this.clock = clock;
  }

  /** See {@link dev.jobs4j.spi.JobStore#prune}. */
  int prune(PruneRequest request) {
    Retention retention = request.retention();
    int limit = request.limit();
    long now = clock.now();
    int gone = keys.prune(now, limit);
    if (!isForEver(retention.audit())) {
      gone += audit.prune(Micros.minus(now, retention.audit()), limit);
    }
    if (retention.endsAttempts()) {
      gone += attempts(retention, now, limit);
    }
    return gone + jobs(request, now);
  }

  private int jobs(PruneRequest request, long now) {
    Retention retention = request.retention();
    int limit = request.limit();
    int gone = 0;
    for (JobState state : List.of(JobState.SUCCEEDED, JobState.CANCELLED, JobState.DEAD)) {
      for (JobQueue queue : queues(retention, state)) {
        Duration age = retention.ageOf(queue, state);
        if (!isForEver(age) && gone < limit) { // to MongoDB a limit of 0 means none
          gone += jobs(queue, state, Micros.minus(now, age), limit - gone, request.archive(), now);
        }
      }
    }
    return gone;
  }

  private int jobs(
      JobQueue queue,
      JobState state,
      long time,
      int limit,
      @Nullable JobArchive archive,
      long now) {
    Bson over =
        and(
            eq(JobDocument.QUEUE, queue.name()),
            eq(JobDocument.STATE, state.name()),
            lt(JobDocument.FINISHED_AT, time));
    List<Document> found =
        jobs.find(over)
            .projection(archive == null ? Projections.exclude(JobDocument.PAYLOAD) : null)
            .sort(Sorts.ascending(JobDocument.FINISHED_AT))
            .limit(limit)
            .into(new ArrayList<>());
    if (archive != null && !found.isEmpty()) {
      archive.keep(found.stream().map(job -> JobDocument.archived(job, state, now)).toList());
    }
    int gone = 0;
    for (Document job : found) {
      gone += burial.bury(job) ? 1 : 0;
    }
    return gone;
  }

  /** Where jobs in this state may be over: all queues, or those that are named. */
  private List<JobQueue> queues(Retention retention, JobState state) {
    if (isForEver(retention.ageOf(state))) {
      return List.copyOf(retention.queues().keySet());
    }
    List<JobQueue> queues = new ArrayList<>();
    Document next = behind("");
    while (next != null) {
      String queue = next.getString(JobDocument.QUEUE);
      queues.add(JobQueue.of(queue));
      next = behind(queue);
    }
    return queues;
  }

  private @Nullable Document behind(String queue) {
    return jobs.find(gt(JobDocument.QUEUE, queue))
        .projection(Projections.include(JobDocument.QUEUE))
        .sort(Sorts.ascending(JobDocument.QUEUE))
        .first();
  }

  /** No index tells which attempts are over, so each call looks at one page of jobs. */
  private int attempts(Retention retention, long now, int limit) {
    long time = isForEver(retention.attemptAge()) ? 0 : Micros.minus(now, retention.attemptAge());
    List<Document> page =
        jobs.find(gt(JobDocument.ID, from))
            .projection(Projections.include(ATTEMPT_TOKEN, ATTEMPT_END))
            .sort(Sorts.ascending(JobDocument.ID))
            .limit(PAGE)
            .into(new ArrayList<>());
    int gone = 0;
    UUID last = FIRST;
    for (Document job : page) {
      last = job.get(JobDocument.ID, UUID.class);
      List<Document> attempts = job.getList(JobDocument.ATTEMPTS, Document.class, List.of());
      int over = over(attempts, retention.attempts(), time);
      if (over > 0) {
        forget(last, attempts.get(over - 1).getLong(JobDocument.TOKEN));
        gone += over;
      }
      if (gone >= limit) {
        break;
      }
    }
    from = page.size() < PAGE && gone < limit ? FIRST : last;
    return gone;
  }

  /** How many of a job's attempts, the first ones, go. */
  private static int over(List<Document> attempts, int keep, long time) {
    int over = Math.max(0, attempts.size() - keep);
    while (over < attempts.size() && attempts.get(over).getLong(JobDocument.ENDED_AT) < time) {
      over++;
    }
    return over;
  }

  private void forget(UUID job, long lastToken) {
    Bson these = lte(JobDocument.TOKEN, lastToken);
    jobs.updateOne(eq(JobDocument.ID, job), pullByFilter(eq(JobDocument.ATTEMPTS, these)));
  }

  private static boolean isForEver(Duration age) {
    return age.equals(Retention.FOREVER);
  }
}
