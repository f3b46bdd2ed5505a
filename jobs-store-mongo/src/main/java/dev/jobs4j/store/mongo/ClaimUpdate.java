package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Stop 3: one {@code findOneAndUpdate} per job, most urgent first.
 *
 * <p>The race with a reaper. Without a transaction the write W that takes a job and the look at the
 * engine's entry are two steps, and the engine may be fenced (F) between them. So the claimer looks
 * again (C) after its last W, and gives out nothing unless the engine is still LIVE:
 *
 * <ul>
 *   <li>C sees LIVE: then F comes after C, so after each W. The sweep that follows F sees every one
 *       of these jobs. The claim took effect while the engine was LIVE.
 *   <li>C sees FENCED or nothing: the jobs go back under a higher token, each guarded by the token
 *       of its W. Those that the sweep took already have another token and are left alone.
 *   <li>The process dies between W and C, or C cannot be read: the jobs name an engine that is, or
 *       will be, fenced. If its entry has gone by then, the next sweep still finds them, because it
 *       starts from the names in the jobs ({@link Engines#lost}), not from the entries.
 * </ul>
 */
final class ClaimUpdate {

  private static final FindOneAndUpdateOptions FIRST =
      new FindOneAndUpdateOptions()
          .sort(Sorts.ascending(JobDocument.PRIORITY, JobDocument.RUN_AT, JobDocument.ID))
          .returnDocument(ReturnDocument.AFTER);

  private final MongoCollection<Document> jobs;
  private final Engines engines;
  private final GiveBack giveBack;
  private final ServerClock clock;

  ClaimUpdate(Areas areas, Engines engines, GiveBack giveBack, ServerClock clock) {
    this.jobs = areas.jobs();
    this.engines = engines;
    this.giveBack = giveBack;
    this.clock = clock;
  }

  List<LeasedJob> claim(ClaimRequest request) {
    String what = "claim from " + request.queue();
    if (request.types().isEmpty()
        || !StoreErrors.undecided(what, () -> engines.isLive(request.engine()))) {
      return List.of();
    }
    long now = StoreErrors.undecided(what, clock::now);
    List<Document> taken = take(request, now);
    if (!taken.isEmpty() && !engines.isLive(request.engine())) {
      taken.forEach(giveBack::unharmed);
      return List.of();
    }
    return leased(taken, now);
  }

  /** By the books; of an engine that is no longer LIVE nothing counts, see the race above. */
  List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    List<Document> taken =
        jobs.find(and(Engines.heldBy(engine.value()), eq(JobDocument.CLAIM_ID, claimId)))
            .into(new ArrayList<>());
    return taken.isEmpty() || !engines.isLive(engine) ? List.of() : leased(taken, clock.now());
  }

  private static List<LeasedJob> leased(List<Document> jobs, long now) {
    return jobs.stream().map(job -> JobDocument.leased(job, now)).toList();
  }

  /** Of these types, each up to this version of its payload. */
  static Bson known(Map<String, Integer> types) {
    Map<Integer, List<String>> byVersion = new TreeMap<>();
    types.forEach(
        (type, version) -> byVersion.computeIfAbsent(version, v -> new ArrayList<>()).add(type));
    return or(
        byVersion.entrySet().stream()
            .map(
                entry ->
                    and(
                        in(JobDocument.TYPE, entry.getValue()),
                        lte(JobDocument.TYPE_VERSION, entry.getKey())))
            .toList());
  }

  private List<Document> take(ClaimRequest request, long now) {
    Bson due =
        and(
            eq(JobDocument.STATE, StoredState.PENDING.name()),
            eq(JobDocument.QUEUE, request.queue().name()),
            known(request.types()),
            lte(JobDocument.RUN_AT, now));
    Bson unsuspected = and(due, eq(JobDocument.SUSPECT, false));
    Bson start =
        combine(
            set(JobDocument.STATE, StoredState.RUNNING.name()),
            set(JobDocument.ENGINE, request.engine().value()),
            set(JobDocument.CLAIM_ID, request.claimId()),
            inc(JobDocument.TOKEN, 1L),
            inc(JobDocument.ATTEMPT, 1));
    List<Document> taken = new ArrayList<>();
    boolean suspectWanted = request.suspect();
    while (taken.size() < request.limit()) {
      Document job = jobs.findOneAndUpdate(suspectWanted ? due : unsuspected, start, FIRST);
      if (job == null) {
        break;
      }
      taken.add(job);
      suspectWanted &= !JobDocument.isFlagged(job, JobDocument.SUSPECT);
    }
    return taken;
  }
}
