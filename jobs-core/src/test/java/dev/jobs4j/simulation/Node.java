package dev.jobs4j.simulation;

import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.internal.worker.HandMovedLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One life of one process: its loops, its handlers, and what becomes of it. */
final class Node {

  /** How long somebody who is awake may need to notice what has happened. */
  private static final Duration NOTICE = Duration.ofMillis(1_500);

  private static final String KEEPER = "jobs-lease-keeper";
  private static final String POLLER = "jobs-poller";
  private static final String SETTLER = "jobs-settler";
  private static final String WATCHDOG = "jobs-watchdog";

  private final World world;
  private final String name;
  private final int life;
  private final Map<String, Integer> types;
  private final Ticking ticker;
  private final List<Driven> loops = new ArrayList<>();

  /** What it is in the middle of, by number: a strand that has ended is used again. */
  private final Map<Long, Crew.Strand> strands = new LinkedHashMap<>();

  private Duration clockOff = Duration.ZERO;
  private @Nullable Jobs jobs;
  private boolean gone;
  private boolean stopping;
  private boolean given;
  private int renewals; // calls under way that hold the keeper's monitor
  private long renewedAt;
  private long frozenUntil;
  private long thawedAt;
  private long troubledAt;

  Node(World world, String name, int life, Map<String, Integer> types) {
    this.world = world;
    this.name = name;
    this.life = life;
    this.types = types;
    ticker = new Ticking(world, this);
    thawedAt = world.agenda().nanos();
    renewedAt = thawedAt;
  }

  /** The replica's name: the next life has the same. */
  String name() {
    return name;
  }

  @Override
  public String toString() {
    return name + "/" + life;
  }

  boolean knows(String type, int version) {
    Integer known = types.get(type);
    return known != null && version <= known;
  }

  Map<String, Integer> types() {
    return types;
  }

  boolean isFront() {
    return types.isEmpty();
  }

  Ticking ticker() {
    return ticker;
  }

  /** Its own clock, which is sometimes wrong. */
  InstantSource clock() {
    return () -> world.agenda().instant(world.agenda().nanos()).plus(clockOff);
  }

  Duration clockOff() {
    return clockOff;
  }

  void jump(Duration by) {
    clockOff = by;
  }

  void has(Jobs value) {
    jobs = value;
  }

  Jobs jobs() {
    Jobs value = jobs;
    if (value == null) {
      throw new IllegalStateException(this + " has not started");
    }
    return value;
  }

  /** Whether it is there and moves, if perhaps to its end. */
  boolean isAwake() {
    return jobs != null && !gone && frozen().isZero();
  }

  boolean isUp() {
    return isAwake() && !stopping;
  }

  boolean isStopping() {
    return stopping;
  }

  // its end, and its sleep

  boolean isGone() {
    return gone;
  }

  boolean mayCrash() {
    return !isFront() && jobs != null;
  }

  /** From here on nothing of it happens. */
  void crash(String why) {
    if (!gone) {
      world.note(() -> this + " crashes " + why);
      world.figures().count("crashes");
      leave();
      world.restart(this);
    }
  }

  /** It has ended in order. */
  void leave() {
    gone = true;
    world.agenda().in(Duration.ZERO, this::cutOff);
  }

  /** Ends what it was in the middle of. */
  void cutOff() {
    gone = true;
    new LinkedHashMap<>(strands)
        .forEach(
            (number, strand) -> {
              if (strand.isAt(number)) {
                strand.cutOff();
              }
            });
    strands.clear();
  }

  void freeze(Duration length) {
    world.note(() -> this + " freezes for " + length);
    world.figures().count("freezes");
    frozenUntil = world.agenda().nanos() + length.toNanos();
    thawedAt = frozenUntil;
  }

  /** How long it still takes no step. */
  Duration frozen() {
    return Duration.ofNanos(Math.max(0, frozenUntil - world.agenda().nanos()));
  }

  /**
   * Whether it need not have noticed yet what happened at {@code since}: it was frozen, or has only
   * just had the time.
   */
  boolean isExcused(long since) {
    long awake = world.agenda().nanos() - Math.max(since, thawedAt);
    return !frozen().isZero() || awake <= NOTICE.toNanos();
  }

  /** Whether it was never frozen in this time, up to now. */
  boolean wasAwakeFor(Duration time) {
    return thawedAt <= world.agenda().nanos() - time.toNanos();
  }

  /** A call that renews its lease has gone wrong. */
  void troubled() {
    troubledAt = world.agenda().nanos();
  }

  /** Whether something since then explains that its lease has expired. */
  boolean hasBeenInTrouble(long since) {
    return gone
        || renewals > 0
        || !frozen().isZero()
        || thawedAt > since
        || troubledAt >= since
        || jobs == null
        || world.network().isDown();
  }

  // calls

  /** A call to the store begins or ends to be under way. */
  void calls(String what, int change) {
    if (what.equals("renew") || what.equals("register") || what.equals("retire")) {
      renewals += change;
      troubled();
    }
  }

  void renewed(long sentAt, @Nullable Object answer) {
    if (!(answer instanceof Optional<?> mailbox) || mailbox.isPresent()) {
      renewedAt = sentAt;
    }
  }

  /** The engine would ask for its lease before it claims, and wait for its keeper. */
  private boolean isStale() {
    return world.agenda().nanos() - renewedAt > world.swarm().lease().duration().toNanos() / 2;
  }

  /** A claim had jobs for it. */
  void wasGiven() {
    given = true;
  }

  // its loops

  /** Takes over a control loop. */
  void drive(HandMovedLoop loop) {
    Driven driven = new Driven(loop);
    loops.add(driven);
    driven.in(world.chance().millis(0, 5));
  }

  /** Runs a piece of it now: at one go, or so that it may pause. */
  void run(boolean atOneGo, Runnable work) {
    if (atOneGo) {
      try {
        work.run();
      } catch (Crew.CutOff e) {
        // as a strand would
      }
      return;
    }
    strands.entrySet().removeIf(entry -> !entry.getValue().isAt(entry.getKey()));
    Crew.Strand strand = world.strand(work);
    if (!strand.hasEnded()) {
      strands.put(strand.number(), strand);
    }
  }

  /** A handler has ended, or something else left outcomes to settle. */
  void pokeSettler() {
    poke(SETTLER, world.chance().millis(0, 30));
  }

  void pokeWatchdog() {
    poke(WATCHDOG, Duration.ZERO);
  }

  void pokePoller() {
    poke(POLLER, world.chance().millis(0, 30));
  }

  private void poke(String loop, Duration in) {
    loops.stream().filter(driven -> driven.is(loop)).forEach(driven -> driven.poke(in));
  }

  List<String> failingLoops() {
    return loops.stream()
        .filter(driven -> driven.loop.failures() > 0)
        .map(driven -> driven.loop.name())
        .toList();
  }

  /** Stops it in order, as its host would; on a strand of its own. */
  void stop() {
    stopping = true;
    world.note(() -> this + " stops");
    world.figures().count("stops");
    run(
        false,
        () -> {
          long since = world.agenda().nanos();
          jobs().stop();
          world.stopped(this, Duration.ofNanos(world.agenda().nanos() - since));
          loops.forEach(driven -> driven.poke(Duration.ZERO));
        });
  }

  /** One loop and when it takes its next step. */
  private final class Driven {
    private final HandMovedLoop loop;
    private int ticket;
    private boolean busy;
    private boolean poked;
    private boolean ended;

    Driven(HandMovedLoop loop) {
      this.loop = loop;
    }

    boolean is(String prefix) {
      return loop.name().startsWith(prefix);
    }

    void in(Duration delay) {
      int mine = ++ticket;
      world
          .agenda()
          .in(
              delay,
              Node.this,
              () -> {
                if (mine == ticket) {
                  step();
                }
              });
    }

    /** Ends the rest that is under way, or the next one. */
    void poke(Duration delay) {
      if (busy) {
        poked = true;
      } else if (!ended) {
        in(delay);
      }
    }

    private void step() {
      if (renewals > 0 && (is(KEEPER) || (is(POLLER) && isStale()))) {
        in(Duration.ofMillis(5)); // on real threads it waits for the keeper's monitor
        return;
      }
      if (loop.isStopping()) {
        end();
        return;
      }
      if (!world.bug().survives(loop.lastError())) {
        return;
      }
      busy = true;
      poked = false;
      given = given && !is(POLLER);
      run(world.atOneGo(), this::takeStep);
    }

    private void takeStep() {
      Duration rest;
      try {
        rest = loop.step();
      } catch (InterruptedException e) { // it was asked to end
        rest = Duration.ZERO;
      }
      busy = false;
      if (!gone) {
        after(rest);
      }
    }

    private void after(Duration rest) {
      if (loop.isStopping() || poked) {
        in(Duration.ZERO);
      } else if (!rest.isZero()) {
        in(rest);
      } else if (is(POLLER)) {
        in(given ? world.chance().millis(0, 30) : world.chance().millis(1, pollMillis()));
      } else if (!is(SETTLER)) {
        in(Duration.ofMillis(1));
      }
      if (is(POLLER) || is(WATCHDOG)) { // they may have left something to settle
        pokeSettler();
      }
    }

    private int pollMillis() {
      return (int) world.swarm().poll().toMillis();
    }

    /** Its last move; the keeper's comes last, and with it the process ends. */
    private void end() {
      boolean others = loops.stream().anyMatch(driven -> driven != this && driven.busy);
      boolean keeper = is(KEEPER);
      if (keeper && others && world.chance().odds(0.8)) { // a stop waits, but not for ever
        in(Duration.ofMillis(20));
        return;
      }
      ended = true;
      run(
          world.atOneGo(),
          () -> {
            loop.end();
            if (keeper && !gone) {
              leave();
              world.restart(Node.this);
            }
          });
    }
  }
}
