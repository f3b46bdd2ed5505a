package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.claimed;
import static dev.jobs4j.core.memory.Fault.claimingBy;
import static dev.jobs4j.core.memory.Fault.claimingNothing;
import static dev.jobs4j.core.memory.Fault.handing;
import static dev.jobs4j.core.memory.Fault.inserting;
import static dev.jobs4j.core.memory.Fault.keeping;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Wrong claims. */
final class ClaimFaults {

  private ClaimFaults() {}

  static List<Fault> all() {
    return List.of(
        claimingBy(
            "LIMIT_IGNORED", (store, r) -> copy(r, r.queue(), r.types(), 10_000, r.suspect())),
        keeping("PRIORITY_IGNORED", job -> job.priority = Priority.NORMAL),
        inserting("DUE_IN_ORDER_OF_INSERT", (store, jobs) -> dueInOrder(jobs)),
        claimingNothing(
            "URGENT_BLOCKS_WHILE_NOT_DUE",
            (store, r) ->
                store.rows(JobState.PENDING).stream()
                    .anyMatch(
                        row ->
                            row.job.priority() == Priority.CRITICAL
                                && row.runAt > store.store.now())),
        keeping("DUE_IGNORED", job -> job.due = Due.now()),
        delaying("DELAYS_DOUBLED", delay -> delay.multipliedBy(2)),
        delaying("DELAYS_HALVED", delay -> delay.dividedBy(2)),
        inserting("PAST_INSTANTS_REFUSED", ClaimFaults::refusePast),
        inserting("INSTANTS_AN_HOUR_LATE", (store, jobs) -> later(store, jobs)),
        keeping("QUEUES_FOLDED", job -> job.queue = folded(job.queue)),
        claimingBy(
            "TYPES_IGNORED",
            (store, r) -> copy(r, r.queue(), typesOf(store), r.limit(), r.suspect())),
        claimingNothing("UNKNOWN_TYPES_FILL_THE_PAGE", ClaimFaults::pageIsUnknown),
        claimingBy(
            "ONE_TYPE_ONLY",
            (store, r) ->
                copy(
                    r,
                    r.queue(),
                    r.types().entrySet().stream()
                        .limit(1)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                    r.limit(),
                    r.suspect())),
        claimingBy(
            "VERSIONS_IGNORED",
            (store, r) -> copy(r, r.queue(), anyVersion(r), r.limit(), r.suspect())),
        claimingNothing(
            "OLDER_VERSIONS_REFUSED",
            (store, r) -> store.rows(JobState.PENDING).stream().anyMatch(row -> isOlder(r, row))),
        claimingNothing("NEWER_VERSIONS_FILL_THE_PAGE", ClaimFaults::pageIsNewer),
        handing("AGE_UNKNOWN", job -> aged(job, age -> Duration.ZERO)),
        claimed("ATTEMPT_NOT_COUNTED", (store, row) -> row.attempt--),
        claimed("TOKEN_SKIPS", (store, row) -> row.token++),
        claimed("CLAIM_LEAVES_NO_NAME", (store, row) -> row.claimId = UUID.randomUUID()),
        new Fault("RUNNING_GIVEN_AGAIN", ClaimFaults::givingAgain),
        new Fault("LOST_REPLY_FORGOTTEN", ClaimFaults::forgetting),
        new Fault("CLAIM_ID_IGNORED", ClaimFaults::ignoringClaimId),
        new Fault("LOST_REPLY_REMEMBERED_FOR_EVER", ClaimFaults::rememberingClaims),
        new Fault("BOOKS_NAME_ALL_ENGINES", ClaimFaults::mixingBooks),
        new Fault(
            "NODES_DO_NOT_SHARE", good -> InMemoryJobStore.of(() -> Micros.instant(good.now()))));
  }

  static ClaimRequest copy(
      ClaimRequest r, JobQueue queue, Map<String, Integer> types, int limit, boolean suspect) {
    return new ClaimRequest(
        r.engine(),
        r.claimId(),
        queue,
        types,
        limit,
        Math.min(r.ahead(), limit),
        suspect,
        r.turn());
  }

  private static List<NewJob> dueInOrder(List<NewJob> jobs) {
    Duration latest =
        jobs.stream()
            .map(NewJob::due)
            .filter(Due.In.class::isInstance)
            .map(due -> ((Due.In) due).delay())
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    List<NewJob> ordered = new ArrayList<>();
    for (NewJob job : jobs) {
      Duration delay = latest.plusNanos(1_000L * ordered.size());
      boolean delayed = job.due() instanceof Due.In in && !in.delay().isZero();
      ordered.add(delayed ? Fault.changed(job, draft -> draft.due = new Due.In(delay)) : job);
    }
    return ordered;
  }

  private interface Delaying {
    Duration of(Duration delay);
  }

  private static Fault delaying(String name, Delaying change) {
    return keeping(
        name,
        job -> {
          if (job.due instanceof Due.In in) {
            job.due = new Due.In(change.of(in.delay()));
          }
        });
  }

  private static List<NewJob> refusePast(ForwardingStore store, List<NewJob> jobs) {
    for (NewJob job : jobs) {
      if (job.due() instanceof Due.At at && Micros.of(at.instant()) < store.store.now()) {
        throw new InvalidJobException("due must not lie in the past, was " + at.instant());
      }
    }
    return jobs;
  }

  private static List<NewJob> later(ForwardingStore store, List<NewJob> jobs) {
    Duration hour = Duration.ofHours(1);
    return jobs.stream()
        .map(
            job ->
                job.due() instanceof Due.At at && Micros.of(at.instant()) > store.store.now()
                    ? Fault.changed(job, d -> d.due = new Due.At(at.instant().plus(hour)))
                    : job)
        .toList();
  }

  private static JobQueue folded(JobQueue queue) {
    return JobQueue.of(queue.name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Integer> typesOf(ForwardingStore store) {
    return store.rows(JobState.PENDING).stream()
        .map(row -> row.job.type())
        .distinct()
        .collect(Collectors.toMap(type -> type, type -> 1));
  }

  private static Map<String, Integer> anyVersion(ClaimRequest request) {
    return request.types().keySet().stream()
        .collect(Collectors.toMap(type -> type, type -> Integer.MAX_VALUE));
  }

  private static boolean isOlder(ClaimRequest request, Row row) {
    return row.job.typeVersion() < request.types().getOrDefault(row.job.type(), 0);
  }

  private static boolean pageIsNewer(ForwardingStore store, ClaimRequest request) {
    return store.rows(JobState.PENDING).stream()
            .filter(row -> row.job.typeVersion() > request.types().getOrDefault(row.job.type(), 0))
            .count()
        > request.limit();
  }

  private static LeasedJob aged(LeasedJob job, UnaryOperator<Duration> age) {
    return new LeasedJob(
        job.lease(),
        job.id(),
        job.type(),
        job.typeVersion(),
        job.queue(),
        job.payload(),
        job.attempt(),
        job.maxAttempts(),
        job.fencingToken(),
        job.suspect(),
        age.apply(job.age()),
        job.tenant(),
        job.tags(),
        job.headers(),
        job.origin());
  }

  private static boolean pageIsUnknown(ForwardingStore store, ClaimRequest request) {
    long unknown =
        store.rows(JobState.PENDING).stream()
            .filter(row -> row.job.queue().equals(request.queue()))
            .filter(row -> !request.types().containsKey(row.job.type()))
            .count();
    return unknown >= request.limit();
  }

  private static JobStore givingAgain(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        List<LeasedJob> running =
            rows(JobState.RUNNING).stream()
                .filter(row -> row.job.queue().equals(request.queue()))
                .map(row -> row.leased(store.now()))
                .toList();
        List<LeasedJob> given = new ArrayList<>(super.claim(request));
        given.addAll(running.subList(0, Math.min(running.size(), request.limit() - given.size())));
        return given;
      }
    };
  }

  private static JobStore forgetting(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
        return List.of();
      }
    };
  }

  private static JobStore ignoringClaimId(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
        return rows(JobState.RUNNING).stream()
            .filter(row -> row.engine != null && row.engine.info.id().equals(engine))
            .map(row -> row.leased(store.now()))
            .toList();
      }
    };
  }

  private static JobStore rememberingClaims(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Map<UUID, List<LeasedJob>> given = new ConcurrentHashMap<>();

      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        List<LeasedJob> jobs = super.claim(request);
        given.put(request.claimId(), jobs);
        return jobs;
      }

      @Override
      public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
        return given.getOrDefault(claimId, List.of());
      }
    };
  }

  private static JobStore mixingBooks(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> held(EngineId engine) {
        Set<TokenLease> all = new HashSet<>();
        rows(JobState.RUNNING).forEach(row -> all.add(row.lease()));
        return all;
      }
    };
  }
}
