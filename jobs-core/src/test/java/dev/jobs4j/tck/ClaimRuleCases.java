package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.core.internal.client.Obstacles;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A job that is kept out of a claim for any set of reasons is told exactly these, and no others.
 */
abstract class ClaimRuleCases extends StoreCases {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Map<String, Integer> TYPES = Map.of(NewJobs.TYPE, 1, "tck.paused", 1);

  /** Those that a job can be made to meet one by one. */
  private final Set<Kind> possible =
      EnumSet.of(Kind.NOT_DUE, Kind.PARENTS, Kind.UNKNOWN_TYPE, Kind.NEWER_VERSION);

  private EngineId engine;
  private JobId parent;

  @BeforeEach
  void setUp() {
    engine = new EngineId(UUID.randomUUID());
    register(engine, "node", Map.of(QUEUE, 10_000), TYPES);
    NewJob later = NewJobs.job().delay(DAY).build();
    insert(later);
    parent = later.id();
    if (can(Capability.EXPIRY)) {
      possible.add(Kind.EXPIRED);
    }
    if (can(Capability.FIFO)) {
      possible.add(Kind.FIFO);
      insert(NewJobs.job().delay(DAY).fifo("line").build());
    }
    if (can(Capability.PAUSE)) {
      possible.addAll(Set.of(Kind.TYPE_PAUSED, Kind.TENANT_PAUSED));
      Operator ann = new Operator("ann", "to see");
      store.pauses().orElseThrow().pause(Pause.type("tck.paused"), ann);
      store.pauses().orElseThrow().pause(Pause.tenant("paused"), ann);
    }
    if (can(Capability.LIMITS)) {
      possible.add(Kind.LIMIT);
      store.limits().orElseThrow().define(JobLimit.running("full", 1));
      insert(NewJobs.job().limits("full/x").build());
      claimOne(engine);
    }
  }

  private static boolean isMet(Set<Kind> kinds) {
    return !(kinds.contains(Kind.TYPE_PAUSED) && kinds.contains(Kind.UNKNOWN_TYPE))
        && !(kinds.contains(Kind.NEWER_VERSION) && kinds.contains(Kind.UNKNOWN_TYPE));
  }

  private List<Set<Kind>> sets() {
    List<Set<Kind>> sets = List.of(EnumSet.noneOf(Kind.class));
    for (Kind kind : possible) {
      List<Set<Kind>> more = new ArrayList<>(sets);
      for (Set<Kind> set : sets) {
        Set<Kind> with = EnumSet.copyOf(set);
        with.add(kind);
        more.add(with);
      }
      sets = more;
    }
    return sets.stream().filter(ClaimRuleCases::isMet).toList();
  }

  private NewJob job(Set<Kind> kinds) {
    NewJobs job = NewJobs.job();
    for (Kind kind : kinds) {
      switch (kind) {
        case EXPIRED -> job.expireAfter(Duration.ofMinutes(1));
        case NOT_DUE -> job.delay(DAY);
        case PARENTS -> job.after(parent);
        case FIFO -> job.fifo("line");
        case LIMIT -> job.limits("full/x");
        case TYPE_PAUSED -> job.type("tck.paused");
        case TENANT_PAUSED -> job.tenant("paused");
        case UNKNOWN_TYPE -> job.type("tck.unknown");
        case NEWER_VERSION -> job.typeVersion(2);
        default -> throw new AssertionError(kind);
      }
    }
    return job.build();
  }

  private Set<Kind> told(JobId id) {
    return Obstacles.explain(records(), id).orElseThrow().obstacles().stream()
        .map(Obstacle::kind)
        .filter(Kind::keepsOut)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
  }

  private Set<JobId> claimed() {
    return store
        .claim(new ClaimRequest(engine, UUID.randomUUID(), QUEUE, TYPES, 10_000, true))
        .stream()
        .map(LeasedJob::id)
        .collect(Collectors.toSet());
  }

  @Test
  void everySetOfReasonsIsToldAndNothingElseKeepsAJob() {
    Map<JobId, Set<Kind>> expected = new HashMap<>();
    List<NewJob> jobs = new ArrayList<>();
    for (Set<Kind> kinds : sets()) {
      NewJob job = job(kinds);
      jobs.add(job);
      expected.put(job.id(), kinds);
    }
    store.insert(jobs);
    advance(Duration.ofMinutes(2));
    Map<JobId, Set<Kind>> told = new HashMap<>();
    expected.keySet().forEach(id -> told.put(id, told(id)));

    assertThat(told).isEqualTo(expected);
    Set<JobId> free = new HashSet<>(expected.keySet());
    free.removeIf(id -> !expected.get(id).isEmpty());
    assertThat(claimed()).isEqualTo(free).isNotEmpty();
  }
}
