package dev.jobs4j.simulation;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The faults are over: what must come true now, does. */
final class Endgame {

  /** By then nobody is frozen any more. */
  private static final Duration MELT = Duration.ofMinutes(1);

  /** Nodes look for the dead a little after each other. */
  private static final Duration SPREAD = Duration.ofMillis(200);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final World world;
  private final Load load;

  Endgame(World world, Load load) {
    this.world = world;
    this.load = load;
  }

  void play() {
    world.calmDown();
    load.resumeAll();
    load.deleteSchedules();
    if (world.nodes().stream().noneMatch(Nodes::isModern)) {
      world.maker().start("node-new", true);
    }
    world.until(MELT, () -> world.nodes().stream().allMatch(node -> node.frozen().isZero()));
    loopsRecover();
    everythingEnds();
    if (world.verdict().breach() == null) {
      nothingIsLost();
      slotsAreFree();
    }
    if (world.verdict().breach() == null && world.chance().odds(0.3)) {
      aCrashIsMade();
    }
    if (world.verdict().breach() == null) {
      stopsAreQuick();
    }
  }

  /** Backoff is at most half a minute, however long the store was away. */
  private void loopsRecover() {
    Duration most = Duration.ofSeconds(31).plus(world.swarm().longestDelay().multipliedBy(2));
    boolean all =
        world.until(
            most,
            () ->
                !stopping()
                    && world.nodes().stream().allMatch(node -> node.failingLoops().isEmpty()));
    check(Rule.L3, all || stopping(), () -> "still failing after " + most + ": " + failing());
  }

  private boolean stopping() {
    return world.nodes().stream().anyMatch(Node::isStopping);
  }

  private String failing() {
    StringBuilder text = new StringBuilder();
    world.nodes().forEach(node -> text.append(node).append(node.failingLoops()).append(' '));
    return text.toString();
  }

  private void everythingEnds() {
    Duration all = Duration.ofMinutes(4);
    long end = world.agenda().nanos() + all.toNanos();
    while (world.verdict().breach() == null && world.agenda().nanos() < end) {
      if (world.until(Duration.ofSeconds(3), () -> world.ledger().living().isEmpty())) {
        break;
      }
      load.discardAll();
      cancelOrphans();
    }
    check(
        Rule.L5,
        world.ledger().living().isEmpty(),
        () -> "have not ended " + all + " after the faults: " + obstacles());
  }

  /** Who was requeued while his parent is cancelled waits for somebody to requeue that. */
  private void cancelOrphans() {
    for (Tracked job : List.copyOf(world.ledger().living())) {
      for (JobId parent : job.job.parents().keySet()) {
        Tracked found = world.ledger().find(parent);
        if (found != null && found.state == JobState.CANCELLED) {
          load.front().jobs().cancel(job.id());
        }
      }
    }
  }

  private String obstacles() {
    StringBuilder text = new StringBuilder();
    for (Tracked job : world.ledger().living()) {
      text.append(job).append(' ').append(load.front().jobs().explain(job.id())).append(' ');
    }
    return text.toString();
  }

  private void nothingIsLost() {
    world.ledger().compare(true, Rule.S2, "the end");
    for (JobId id : load.refused()) {
      check(
          Rule.S1,
          world.ledger().find(id) == null,
          () -> "its caller was told that it is not stored: " + id);
    }
    for (JobId id : load.acknowledged()) {
      Tracked job = world.ledger().find(id);
      check(Rule.S1, job == null || job.state.isTerminal(), () -> "has not ended: " + job);
    }
  }

  /** As many jobs as there are slots, all at once: each must start within a poll. */
  private void slotsAreFree() {
    Duration settle = Duration.ofSeconds(20); // handlers that hang are gone by then
    world.until(settle, () -> false);
    List<Node> up = world.nodes().stream().filter(Node::isUp).toList();
    check(Rule.L4, leaked() == 0, () -> "slots are still leaked: " + leaked());
    int places = up.size() * world.swarm().mainSlots();
    List<JobId> probes = new ArrayList<>();
    for (int i = 0; i < places; i++) {
      JobRequest<byte[]> request = load.probe(Nodes.WORK);
      probes.add(request.id().orElseThrow());
      load.enqueue(List.of(request));
    }
    // who has claimed more than it can start at once gives it back, and another polls again
    Duration most = world.swarm().poll().multipliedBy(2).plus(SECOND);
    boolean started = world.until(most, () -> probes.stream().allMatch(this::hasStarted));
    check(Rule.L1, started, () -> "not all of " + places + " probes started within " + most);
    world.until(Duration.ofSeconds(30), () -> world.ledger().living().isEmpty());
  }

  private int leaked() {
    return world.nodes().stream()
        .filter(Node::isUp)
        .mapToInt(node -> node.jobs().health().leakedSlots())
        .sum();
  }

  private boolean hasStarted(JobId id) {
    Tracked job = world.ledger().find(id);
    return job != null && !job.started.isEmpty();
  }

  /** A node dies while it holds a job, and others have it again in time. */
  private void aCrashIsMade() {
    JobRequest<byte[]> request = load.probe(Nodes.WORK);
    load.enqueue(List.of(request));
    JobId id = request.id().orElseThrow();
    boolean claimed =
        world.until(world.swarm().poll().plus(SECOND), () -> state(id) == JobState.RUNNING);
    List<Node> up = List.copyOf(world.nodes());
    if (!claimed || up.size() < 2) {
      return;
    }
    long died = world.agenda().nanos();
    Tracked job = world.ledger().find(id);
    Node holder = world.recorder().holder(job);
    if (job == null || holder == null) {
      return;
    }
    int before = job.started.size();
    holder.crash("for the end");
    Duration most =
        world
            .swarm()
            .lease()
            .duration()
            .plus(world.swarm().lease().grace())
            .plus(world.swarm().poll())
            .plus(SECOND)
            .plus(SPREAD);
    boolean again = world.until(most, () -> job.started.size() > before);
    check(
        Rule.L2,
        again,
        () ->
            job
                + " did not start again within "
                + most
                + " of the crash, now "
                + Duration.ofNanos(world.agenda().nanos() - died));
    world.until(Duration.ofSeconds(30), () -> world.ledger().living().isEmpty());
  }

  private JobState state(JobId id) {
    Tracked job = world.ledger().find(id);
    return job == null ? JobState.PENDING : job.state;
  }

  private void stopsAreQuick() {
    List<Node> up = world.nodes().stream().filter(Node::isUp).toList();
    up.forEach(Node::stop);
    Duration most =
        world
            .swarm()
            .drain()
            .plus(world.swarm().interruptGrace().multipliedBy(2))
            .plus(Duration.ofSeconds(2));
    boolean all = world.until(most, () -> up.stream().allMatch(Node::isGone));
    check(Rule.L6, all, () -> "not all nodes have ended within " + most);
  }

  private void check(Rule rule, boolean holds, Supplier<String> what) {
    world.verdict().check(rule, holds, what);
  }
}
