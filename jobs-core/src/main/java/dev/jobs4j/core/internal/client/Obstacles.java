package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pause.Scope;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a job is not running. A store says how the job stands; what that means is decided
 * here, once for all stores. Whatever a claim asks of a job has its kind of obstacle: a store whose
 * claims ask for more than is answered here fails its contract. Not thread-safe.
 */
public final class Obstacles {

  private static final int LOOKS = 3;

  private final Standing standing;
  private final Job job;
  private final List<Obstacle> found = new ArrayList<>();
  private List<String> nodes = List.of();

  private Obstacles(Standing standing) {
    this.standing = standing;
    job = standing.job();
  }

  /** Explains a job of this store; empty if that does not know it. */
  public static Optional<Explanation> explain(JobRecords records, JobId id) {
    Optional<Explanation> explanation = look(records, id);
    for (int looks = 1; looks < LOOKS; looks++) {
      boolean unexplained = explanation.isPresent() && explanation.get().obstacles().isEmpty();
      if (!unexplained || !records.isLocked(id)) {
        return explanation;
      }
      Explanation before = explanation.get();
      explanation = look(records, id);
      boolean asBefore =
          explanation.isPresent()
              && explanation.get().isClaimable()
              && explanation.get().job().token() == before.job().token();
      if (asBefore) { // what holds it has not just started or ended it
        return Optional.of(locked(before));
      }
    }
    return explanation;
  }

  private static Optional<Explanation> look(JobRecords records, JobId id) {
    return standing(records, id).map(standing -> new Obstacles(standing).explain());
  }

  /** A store may read the job and who runs it one after the other, and the job end in between. */
  private static Optional<Standing> standing(JobRecords records, JobId id) {
    Optional<Standing> standing = records.standing(id);
    boolean nobodys =
        standing.isPresent()
            && standing.get().job().state() == JobState.RUNNING
            && standing.get().engines().stream().noneMatch(LiveEngine::holds);
    return nobodys ? records.standing(id) : standing;
  }

  private static Explanation locked(Explanation free) {
    Obstacle lock =
        new Obstacle(
            Kind.LOCKED,
            "a transaction holds it: a claim under way, or one that was left open by a program or"
                + " a person",
            null);
    return new Explanation(free.job(), free.asOf(), List.of(lock), free.nodes());
  }

  private Explanation explain() {
    if (job.state().isTerminal()) {
      add(
          Kind.ENDED,
          "it has ended as "
              + job.state()
              + job.deadReason().map(reason -> ", " + reason).orElse("")
              + job.lastFailure().map(failure -> ", " + failure.errorClass()).orElse("")
              + job.finishedAt().map(at -> ", at " + at).orElse(""));
    } else if (job.state() == JobState.RUNNING) {
      running();
    } else {
      pending();
    }
    return new Explanation(job, standing.asOf(), found, nodes);
  }

  private void running() {
    add(
        Kind.RUNNING,
        engines(LiveEngine::holds).stream()
                .findFirst()
                .map(engine -> "attempt " + job.attempt() + " runs on node " + name(engine))
                .orElse(
                    "attempt "
                        + job.attempt()
                        + " ran on a node whose lease has expired, the next live node takes it back"
                        + (standing.engines().isEmpty() ? ": there is none" : ""))
            + (job.cancelRequested() ? "; it was asked to end" : ""));
  }

  private void pending() {
    Instant now = standing.asOf();
    job.expiresAt()
        .filter(time -> !time.isAfter(now))
        .ifPresent(time -> add(Kind.EXPIRED, "it should have started by " + time));
    if (job.runAt().isAfter(now)) {
      add(Kind.NOT_DUE, "it is not due before " + job.runAt() + failed(), job.runAt());
    }
    waits(standing.waits());
    paused(Kind.QUEUE_PAUSED, Scope.QUEUE, job.queue().name());
    paused(Kind.TYPE_PAUSED, Scope.TYPE, job.type());
    job.tenant().ifPresent(tenant -> paused(Kind.TENANT_PAUSED, Scope.TENANT, tenant));
    List<LiveEngine> able = ableEngines();
    nodes = able.stream().map(Obstacles::name).distinct().toList();
    if (found.isEmpty()) {
      turn(able);
    }
  }

  private String failed() {
    return job.attempt() == 0
        ? ""
        : job.lastFailure()
            .map(failure -> ": attempt " + job.attempt() + " failed, " + failure.errorClass())
            .orElse("");
  }

  private void waits(Standing.Waits waits) {
    List<JobId> parents = waits.parents();
    if (!parents.isEmpty()) {
      String count =
          parents.size() == 1
              ? "job "
              : (parents.size() < Standing.PARENTS ? "" : "at least ") + parents.size() + " jobs: ";
      add(
          Kind.PARENTS,
          "it waits for "
              + count
              + parents.stream()
                  .map(parent -> named(parent, waits))
                  .collect(Collectors.joining(", ")));
    }
    if (waits.head() != null) {
      add(
          Kind.FIFO,
          "job "
              + named(waits.head(), waits)
              + " is the first of its line "
              + job.fifo().map(Fifo::key).orElse(""));
    }
    if (waits.shut() != null) {
      Instant opensAt = waits.opensAt();
      add(
          Kind.LIMIT,
          opensAt == null
              ? "limit " + waits.shut() + " lets no more run: one of those that run must end first"
              : "limit " + waits.shut() + " lets the next one start at " + opensAt,
          opensAt);
    }
  }

  private static String named(JobId other, Standing.Waits waits) {
    return other + (waits.dead().contains(other) ? " (dead: redrive or discard it)" : "");
  }

  /** Those that could run it; says why if there is none. */
  private List<LiveEngine> ableEngines() {
    String queue = "queue " + job.queue();
    List<LiveEngine> working = engines(engine -> engine.info().queues().containsKey(job.queue()));
    List<LiveEngine> knowing = working.stream().filter(engine -> version(engine) > 0).toList();
    List<LiveEngine> reading =
        knowing.stream().filter(engine -> version(engine) >= job.typeVersion()).toList();
    List<LiveEngine> awake = reading.stream().filter(engine -> pause(engine).isEmpty()).toList();
    if (working.isEmpty()) {
      add(Kind.NO_NODE, "no live node works " + queue);
    } else if (knowing.isEmpty()) {
      add(
          Kind.UNKNOWN_TYPE,
          "no live node that works "
              + queue
              + " has a handler for type "
              + job.type()
              + ": "
              + names(working));
    } else if (reading.isEmpty()) {
      int newest = knowing.stream().mapToInt(this::version).max().orElseThrow();
      add(
          Kind.NEWER_VERSION,
          "its payload is version %d of type %s, the live nodes that work %s read up to %d: %s"
              .formatted(job.typeVersion(), job.type(), queue, newest, names(knowing)));
    } else if (awake.isEmpty()) {
      reading.stream()
          .flatMap(engine -> pause(engine).stream())
          .min(Comparator.comparing(pause -> pause.until().orElse(Instant.MAX)))
          .ifPresent(pause -> paused(Kind.NODE_PAUSED, pause));
    }
    return awake;
  }

  /** It may start; whether it does is a question of its turn. */
  private void turn(List<LiveEngine> able) {
    if (job.suspect() && able.stream().allMatch(engine -> engine.suspects() > 0)) {
      add(
          Kind.SUSPECT,
          "it ran on a node that died, and so runs apart: each node that could run it runs"
              + " another such job");
      return;
    }
    int places = able.stream().mapToInt(this::places).sum();
    int taken = able.stream().mapToInt(this::taken).sum();
    if (able.stream().allMatch(engine -> taken(engine) == places(engine))) {
      add(
          Kind.BUSY,
          "%d of %d places for queue %s are taken on the nodes that could run it: %s"
              .formatted(taken, places, job.queue(), names(able)));
    }
    if (standing.ahead() > 0) {
      add(
          Kind.BEHIND,
          (standing.ahead() < Standing.MOST ? "" : "at least ")
              + standing.ahead()
              + (standing.ahead() == 1 ? " due job of its queue is" : " due jobs of its queue are")
              + " more urgent, or due for longer");
    }
  }

  private int places(LiveEngine engine) {
    return engine.info().queues().getOrDefault(job.queue(), 0);
  }

  /** It may hold more jobs than it has places: those at hand wait for one. */
  private int taken(LiveEngine engine) {
    return Math.min(engine.running(), places(engine));
  }

  /** The newest version of the payload that an engine reads; 0 if it does not know the type. */
  private int version(LiveEngine engine) {
    return engine.info().types().getOrDefault(job.type(), 0);
  }

  private List<LiveEngine> engines(Predicate<LiveEngine> filter) {
    return standing.engines().stream().filter(filter).toList();
  }

  private Optional<Pause> pause(LiveEngine engine) {
    return pause(Scope.NODE, engine.info().name());
  }

  private Optional<Pause> pause(Scope scope, String name) {
    Pause.Target target = new Pause.Target(scope, name);
    return standing.pauses().stream().filter(pause -> pause.target().equals(target)).findFirst();
  }

  private void paused(Kind kind, Scope scope, String name) {
    pause(scope, name).ifPresent(pause -> paused(kind, pause));
  }

  private void paused(Kind kind, Pause pause) {
    add(
        kind,
        pause.target()
            + " is paused by "
            + pause.by().name()
            + " since "
            + pause.since()
            + ": "
            + pause.by().why(),
        pause.end());
  }

  private static String names(List<LiveEngine> engines) {
    return engines.stream().map(Obstacles::name).distinct().collect(Collectors.joining(", "));
  }

  private static String name(LiveEngine engine) {
    return engine.info().name() + " (" + engine.info().version() + ")";
  }

  private void add(Kind kind, String text) {
    add(kind, text, null);
  }

  private void add(Kind kind, String text, @Nullable Instant end) {
    found.add(new Obstacle(kind, text, end));
  }
}
