package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.AuditWords;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** What is seen of dead letters and done to them, one document after the other. */
final class MongoDeadLetters implements DeadLetterRecords {

  private static final Bson DEAD = eq(JobDocument.STATE, StoredState.DEAD.name());

  private final MongoCollection<Document> jobs;
  private final Revival revival;
  private final Burial burial;
  private final Audit audit;

  MongoDeadLetters(Areas areas, Revival revival, Burial burial, Audit audit) {
    this.jobs = areas.jobs();
    this.revival = revival;
    this.burial = burial;
    this.audit = audit;
  }

  @Override
  public List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return StoreErrors.oneStep(
        "read dead letters",
        () ->
            limit < 1
                ? List.of() // to MongoDB a limit of 0 means none
                : page(filter, after, limit).map(JobDocument::deadLetter).into(new ArrayList<>()));
  }

  @Override
  public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return StoreErrors.oneStep(
        "read the ids of dead letters",
        () ->
            limit < 1
                ? List.of()
                : page(filter, after, limit)
                    .projection(Projections.include(JobDocument.ID))
                    .map(JobDocument::id)
                    .into(new ArrayList<>()));
  }

  private FindIterable<Document> page(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    Bson letters = matching(filter);
    return jobs.find(after == null ? letters : and(letters, gt(JobDocument.ID, after.value())))
        .sort(Sorts.ascending(JobDocument.ID))
        .limit(limit);
  }

  private static Bson matching(DeadLetterFilter filter) {
    List<Bson> all = new ArrayList<>();
    all.add(DEAD);
    filter.queue().ifPresent(queue -> all.add(eq(JobDocument.QUEUE, queue.name())));
    filter.type().ifPresent(type -> all.add(eq(JobDocument.TYPE, type)));
    filter.tenant().ifPresent(tenant -> all.add(eq(JobDocument.TENANT, tenant)));
    filter.reason().ifPresent(reason -> all.add(eq(JobDocument.DEAD_REASON, reason.name())));
    filter.fingerprint().ifPresent(value -> all.add(eq(JobDocument.FINGERPRINT, value)));
    filter.errorClass().ifPresent(value -> all.add(eq(JobDocument.FAILURE_CLASS, value)));
    filter.tag().ifPresent(tag -> all.add(eq(JobDocument.TAGS, tag)));
    filter.diedFrom().ifPresent(at -> all.add(gte(JobDocument.FINISHED_AT, Micros.of(at))));
    filter.diedBefore().ifPresent(at -> all.add(lt(JobDocument.FINISHED_AT, Micros.of(at))));
    return and(all);
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    return StoreErrors.oneStep(
        "find dead letter " + id,
        () -> Optional.ofNullable(dead(id).first()).map(JobDocument::deadLetter));
  }

  private FindIterable<Document> dead(JobId id) {
    return jobs.find(and(eq(JobDocument.ID, id.value()), DEAD));
  }

  @Override
  public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
    if (limit < 1) {
      return List.of();
    }
    List<Bson> steps =
        List.of(
            Aggregates.match(matching(filter)),
            Aggregates.project(
                Projections.include(JobDocument.FINGERPRINT, JobDocument.FINISHED_AT)),
            Aggregates.sort(Sorts.ascending(JobDocument.FINISHED_AT, JobDocument.ID)),
            Aggregates.group(
                "$" + JobDocument.FINGERPRINT,
                Accumulators.sum("letters", 1L),
                Accumulators.first("first", "$" + JobDocument.FINISHED_AT),
                Accumulators.last("last", "$" + JobDocument.FINISHED_AT),
                Accumulators.last("sample", "$" + JobDocument.ID)),
            Aggregates.sort(
                Sorts.orderBy(Sorts.descending("letters"), Sorts.ascending(JobDocument.ID))),
            Aggregates.limit(limit));
    return StoreErrors.oneStep(
        "group dead letters",
        () ->
            jobs.aggregate(steps).into(new ArrayList<>()).stream()
                .flatMap(group -> group(group).stream())
                .toList());
  }

  /** Empty if the sample was taken meanwhile. */
  private Optional<DeadLetterGroup> group(Document group) {
    return Optional.ofNullable(dead(new JobId(group.get("sample", UUID.class))).first())
        .map(JobDocument::deadLetter)
        .map(
            sample ->
                new DeadLetterGroup(
                    group.getString("_id"),
                    group.get("letters", Number.class).longValue(),
                    Micros.instant(group.getLong("first")),
                    Micros.instant(group.getLong("last")),
                    sample.id(),
                    sample.failure()));
  }

  @Override
  public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
    return StoreErrors.manySteps(
        "redrive " + delays.size() + " dead letters",
        () -> {
          List<JobId> done = new ArrayList<>();
          List<JobId> blocked = new ArrayList<>();
          delays.forEach(
              (id, delay) ->
                  audit.noted(
                      AuditEntry.Action.REDRIVE,
                      id,
                      operator,
                      AuditWords.redriven(delay),
                      () -> redrive(id, delay, done, blocked)));
          return new Redriven(done, blocked, false);
        });
  }

  private boolean redrive(JobId id, Duration delay, List<JobId> done, List<JobId> blocked) {
    Revival.Answer answer = revival.revive(id, List.of(StoredState.DEAD.name()), delay);
    switch (answer) {
      case DONE -> done.add(id);
      case KEY_HELD -> blocked.add(id);
      case ABSENT -> {} // somebody else was faster, and is in the audit
    }
    return answer == Revival.Answer.DONE;
  }

  @Override
  public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
    return StoreErrors.manySteps(
        "edit dead letter " + id, () -> tryEdit(id, payload, typeVersion, operator));
  }

  private boolean tryEdit(JobId id, Payload payload, int typeVersion, Operator operator) {
    Document seen = dead(id).first();
    if (seen == null) {
      return false;
    }
    String change =
        AuditWords.edited(
            JobDocument.payload(seen.get(JobDocument.PAYLOAD, Document.class)),
            seen.getInteger(JobDocument.TYPE_VERSION),
            payload,
            typeVersion);
    return audit.noted(
        AuditEntry.Action.EDIT,
        id,
        operator,
        change,
        () ->
            jobs.updateOne(
                        and(eq(JobDocument.ID, id.value()), DEAD),
                        combine(
                            set(JobDocument.PAYLOAD, JobDocument.payload(payload)),
                            set(JobDocument.TYPE_VERSION, typeVersion)))
                    .getMatchedCount()
                == 1);
  }

  @Override
  public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
    return StoreErrors.manySteps(
        "discard " + ids.size() + " dead letters",
        () -> {
          Set<JobId> gone = new LinkedHashSet<>();
          for (JobId id : ids) {
            if (discard(id, operator)) {
              gone.add(id);
            }
          }
          return gone;
        });
  }

  private boolean discard(JobId id, Operator operator) {
    Document seen = dead(id).first();
    if (seen == null) {
      return false;
    }
    DeadLetter letter = JobDocument.deadLetter(seen);
    String change =
        AuditWords.discarded(letter.reason(), letter.failure().errorClass(), letter.fingerprint());
    return audit.noted(AuditEntry.Action.DISCARD, id, operator, change, () -> burial.bury(seen));
  }

  @Override
  public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
    return StoreErrors.oneStep("read the audit", () -> audit.read(job, before, limit));
  }
}
