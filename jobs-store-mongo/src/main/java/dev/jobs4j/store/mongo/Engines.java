package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The engines and their leases. An engine goes from LIVE to FENCED to gone and never back, each
 * step one guarded write, so that a renewal and a fence cannot both win.
 */
final class Engines {

  private static final String ID = "_id";
  private static final String STATE = "state";
  private static final String LIVE = "LIVE";
  private static final String FENCED = "FENCED";
  private static final String LEASE_MILLIS = "leaseMillis";
  private static final String EXPIRES_AT = "expiresAt";
  private static final String QUEUES = "queues"; // [{name, number}]: a name may hold a dot
  private static final String TYPES = "types"; // the same

  private final MongoCollection<Document> engines;
  private final MongoCollection<Document> jobs;
  private final ServerClock clock;

  Engines(Areas areas, ServerClock clock) {
    this.engines = areas.engines();
    this.jobs = areas.jobs();
    this.clock = clock;
  }

  void register(EngineInfo engine) {
    long now = clock.now();
    Document entry =
        new Document(ID, engine.id().value())
            .append(STATE, LIVE)
            .append("name", engine.name())
            .append("version", engine.version())
            .append(QUEUES, numbers(queues(engine)))
            .append(TYPES, numbers(engine.types()))
            .append("registeredAt", now)
            .append(LEASE_MILLIS, engine.lease().toMillis())
            .append(EXPIRES_AT, Micros.plus(now, engine.lease()));
    try {
      engines.insertOne(entry);
    } catch (MongoWriteException e) {
      if (StoreErrors.isDuplicateKey(e)) {
        throw new InvalidJobException(
            "engine id " + engine.id() + " was used before; register under a new one", e);
      }
      throw e;
    }
  }

  Optional<Mailbox> renew(EngineId engine) {
    Bson live = live(engine);
    Document entry = engines.find(live).projection(Projections.include(LEASE_MILLIS)).first();
    if (entry == null) {
      return Optional.empty();
    }
    long until = Micros.plus(clock.now(), Duration.ofMillis(entry.getLong(LEASE_MILLIS)));
    if (engines.updateOne(live, set(EXPIRES_AT, until)).getMatchedCount() == 0) {
      return Optional.empty(); // fenced between the two
    }
    List<TokenLease> cancelled = new ArrayList<>();
    jobs.find(and(heldBy(engine.value()), eq(JobDocument.CANCEL_REQUESTED, true)))
        .projection(Projections.include(JobDocument.TOKEN))
        .forEach(job -> cancelled.add(JobDocument.lease(job)));
    return Optional.of(new Mailbox(cancelled));
  }

  private static Map<String, Integer> queues(EngineInfo engine) {
    return engine.queues().entrySet().stream()
        .collect(Collectors.toMap(queue -> queue.getKey().name(), Map.Entry::getValue));
  }

  private static List<Document> numbers(Map<String, Integer> named) {
    return named.entrySet().stream()
        .map(entry -> new Document("name", entry.getKey()).append("number", entry.getValue()))
        .toList();
  }

  private static Map<String, Integer> numbers(Document engine, String field) {
    return engine.getList(field, Document.class, List.of()).stream()
        .collect(Collectors.toMap(doc -> doc.getString("name"), doc -> doc.getInteger("number")));
  }

  /** Those that are alive, in the eyes of somebody who asks about a job. */
  List<LiveEngine> live(Document job, long now) {
    List<LiveEngine> live = new ArrayList<>();
    for (Document entry : engines.find(and(eq(STATE, LIVE), gt(EXPIRES_AT, now)))) {
      UUID id = entry.get(ID, UUID.class);
      Bson held = heldBy(id);
      Bson ofQueue = eq(JobDocument.QUEUE, job.getString(JobDocument.QUEUE));
      live.add(
          new LiveEngine(
              info(entry),
              (int) jobs.countDocuments(and(held, ofQueue)),
              (int) jobs.countDocuments(and(held, eq(JobDocument.SUSPECT, true))),
              id.equals(job.get(JobDocument.ENGINE, UUID.class))));
    }
    return live;
  }

  private static EngineInfo info(Document entry) {
    Map<JobQueue, Integer> places = new HashMap<>();
    numbers(entry, QUEUES).forEach((name, number) -> places.put(JobQueue.of(name), number));
    return new EngineInfo(
        new EngineId(entry.get(ID, UUID.class)),
        entry.getString("name"),
        entry.getString("version"),
        Duration.ofMillis(entry.getLong(LEASE_MILLIS)),
        places,
        numbers(entry, TYPES));
  }

  boolean isLive(EngineId engine) {
    return engines.find(live(engine)).projection(Projections.include(ID)).first() != null;
  }

  Set<TokenLease> held(EngineId engine) {
    return jobs
        .find(heldBy(engine.value()))
        .projection(Projections.include(JobDocument.TOKEN))
        .map(JobDocument::lease)
        .into(new ArrayList<>())
        .stream()
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Fences those whose lease ran out before {@code cutoff}; the guard is in each write. */
  List<EngineId> fenceExpired(long cutoff) {
    Bson expired = and(eq(STATE, LIVE), lt(EXPIRES_AT, cutoff));
    List<EngineId> fenced = new ArrayList<>();
    for (UUID engine : ids(expired)) {
      if (fence(and(eq(ID, engine), expired))) {
        fenced.add(new EngineId(engine));
      }
    }
    return fenced;
  }

  /** When the first lease that has not ended is over, grace included; empty if nobody lives. */
  Optional<Duration> nextEnd(long now, Duration grace) {
    Bson lives = and(eq(STATE, LIVE), gte(EXPIRES_AT, Micros.minus(now, grace)));
    Document first = engines.find(lives).sort(ascending(EXPIRES_AT)).first();
    return Optional.ofNullable(first)
        .map(entry -> Micros.plus(entry.getLong(EXPIRES_AT), grace) - now)
        .map(micros -> Duration.of(micros, ChronoUnit.MICROS));
  }

  /** Fences one that leaves; nothing changes if it is fenced already. */
  void fence(EngineId engine) {
    fence(live(engine));
  }

  private boolean fence(Bson guard) {
    return engines.updateOne(guard, set(STATE, FENCED)).getMatchedCount() == 1;
  }

  /**
   * The engines that running jobs name and that are not LIVE: fenced, or gone already.
   *
   * <p>The names are read first and the entries after: an engine registers before it claims, so one
   * that has no entry by then had one and was fenced, and cannot have come back.
   */
  List<UUID> lost() {
    List<UUID> named =
        jobs.distinct(JobDocument.ENGINE, exists(JobDocument.ENGINE), UUID.class)
            .into(new ArrayList<>());
    List<UUID> live = ids(eq(STATE, LIVE));
    named.removeAll(live);
    return named;
  }

  /** Forgets fenced engines that no job names. */
  void forgetUnnamed() {
    for (UUID engine : ids(eq(STATE, FENCED))) {
      if (jobs.find(heldBy(engine)).limit(1).first() == null) {
        engines.deleteOne(and(eq(ID, engine), eq(STATE, FENCED)));
      }
    }
  }

  static Bson heldBy(UUID engine) {
    return and(eq(JobDocument.ENGINE, engine), eq(JobDocument.STATE, StoredState.RUNNING.name()));
  }

  private static Bson live(EngineId engine) {
    return and(eq(ID, engine.value()), eq(STATE, LIVE));
  }

  private List<UUID> ids(Bson filter) {
    return engines
        .find(filter)
        .projection(Projections.include(ID))
        .map(entry -> entry.get(ID, UUID.class))
        .into(new ArrayList<>());
  }
}
