package dev.jobs4j.simulation;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What handlers of one node do, drawn anew for each attempt. */
final class Script implements JobExecutor<byte[]> {

  static final int ATTEMPTS = 4;
  static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** In the payload of a job that takes its process down each time it runs. */
  static final char DEADLY = '!';

  private enum Act {
    DONE,
    BRISK,
    SLOW,
    FAIL,
    ERROR,
    HANG,
    SNOOZE,
    RELEASE,
    RETRY,
    REJECT,
    CANCEL,
    FOLLOW,
    SAY;

    boolean takesTime() {
      return this == BRISK || this == SLOW || this == HANG || this == SAY;
    }
  }

  private final World world;
  private final Node node;
  private @Nullable Act next;

  Script(World world, Node node) {
    this.world = world;
    this.node = node;
  }

  /** Somebody's thread runs the handler, some time. */
  void soon(Runnable task) {
    Chance chance = world.chance();
    boolean late = !world.isCalm() && chance.odds(0.05);
    world
        .agenda()
        .in(
            late ? chance.skewed(world.swarm().lease().duration()) : chance.millis(0, 20),
            node,
            () -> run(task));
  }

  private void run(Runnable task) {
    Act act = draw();
    boolean atOneGo = !act.takesTime() && world.atOneGo();
    node.run(
        atOneGo,
        () -> {
          next = act; // no other handler begins before this one has read it
          task.run();
          next = null;
          node.pokeSettler();
          if (world.chance().odds(0.5)) {
            node.pokePoller();
          }
        });
    node.pokeWatchdog();
  }

  /** What was drawn before the thread came, or, for the next job of that thread, something else. */
  private Act act() {
    Act drawn = next == null ? draw() : next;
    next = null;
    return drawn.takesTime() && Crew.current() == null ? Act.DONE : drawn;
  }

  private Act draw() {
    Swarm.Work work = world.isCalm() ? Swarm.Work.CALM : world.swarm().work();
    int dice = world.chance().below(100);
    int[] parts = {
      work.brisk(),
      work.slow(),
      work.fails(),
      work.error(),
      work.hangs(),
      work.snoozes(),
      work.releases(),
      work.retries(),
      work.rejects(),
      work.cancels(),
      work.follows(),
      work.says()
    };
    for (int i = 0; i < parts.length; i++) {
      dice -= parts[i];
      if (dice < 0) {
        return Act.values()[i + 1];
      }
    }
    return Act.DONE;
  }

  @Override
  public @Nullable Object execute(byte[] payload, JobContext context) throws Exception {
    Act act = act();
    Tracked job = world.ledger().find(context.jobId());
    if (job == null) {
      world
          .verdict()
          .check(Rule.S9, false, () -> "runs, and nobody has stored it: " + context.jobId());
      return null;
    }
    Handling handling =
        new Handling(
            node, job, context.fencingToken().orElseThrow(), context, world.agenda().nanos());
    world.note(() -> "starts to " + act + ": " + handling);
    world.ledger().started(handling);
    try {
      if (new String(payload, StandardCharsets.UTF_8).indexOf(DEADLY) >= 0) {
        node.crash("in a handler");
        throw new Crew.CutOff();
      }
      return act(act, context);
    } finally {
      world.ledger().ended(handling);
      if (!node.isGone()) {
        node.pokeSettler();
        world.note(() -> "ends: " + handling);
      }
    }
  }

  private @Nullable Object act(Act act, JobContext context) throws Exception {
    Chance chance = world.chance();
    switch (act) {
      case FAIL:
        throw new IllegalStateException("fails");
      case ERROR:
        throw error();
      case BRISK:
        world.pass(node, chance.millis(1, 6));
        return null;
      case SLOW:
        work(context, chance.odds(0.2) ? chance.millis(1_000, 8_000) : chance.millis(10, 1_500));
        return "slow";
      case HANG:
        hang(chance.millis(2_000, 9_000));
        return null;
      case SNOOZE:
        return JobOutcome.snooze(chance.millis(0, 3_000));
      case RELEASE:
        return JobOutcome.release();
      case RETRY:
        return JobOutcome.retry(chance.millis(0, 2_000), "asks for it");
      case REJECT:
        return JobOutcome.reject("wants none of it");
      case CANCEL:
        return JobOutcome.cancel();
      case FOLLOW:
        return follow(context);
      case SAY:
        return say(context);
      default:
        if (chance.odds(0.1)) {
          Thread.currentThread().interrupt(); // and leaves it so
        }
        return chance.odds(0.5) ? "done" : null;
    }
  }

  private Error error() {
    return switch (world.chance().below(4)) {
      case 0 -> new OutOfMemoryError("as if");
      case 1 -> new StackOverflowError("as if");
      case 2 -> new NoClassDefFoundError("as if");
      default -> new AssertionError("as if");
    };
  }

  /** Takes its time, and looks now and then whether it should end. */
  private void work(JobContext context, Duration time) throws InterruptedException {
    boolean looks = world.chance().odds(0.5);
    for (int i = 0; i < 4; i++) {
      world.pass(node, time.dividedBy(4));
      if (looks) {
        context.throwIfCancelled();
      }
    }
  }

  /** Ignores that it is to end. */
  private void hang(Duration time) {
    long end = world.agenda().nanos() + time.toNanos();
    while (world.agenda().nanos() < end) {
      try {
        world.pass(node, Duration.ofNanos(end - world.agenda().nanos()).plusMillis(1));
      } catch (InterruptedException e) {
        // on purpose
      }
    }
  }

  private Object follow(JobContext context) {
    JobOutcome.Done done = JobOutcome.done("followed");
    int most = world.chance().between(1, 2);
    for (int i = 0; i < most && world.ledger().all().size() < Load.MOST_JOBS; i++) {
      byte[] payload = ("f" + context.jobId()).getBytes(StandardCharsets.UTF_8);
      done = done.follow(Nodes.SIDE.request(payload).delay(world.chance().millis(0, 1_000)));
    }
    return done;
  }

  private Object say(JobContext context) throws Exception {
    String value =
        context.step(
            "first",
            String.class,
            () -> {
              world.pass(node, world.chance().millis(5, 200));
              return "kept";
            });
    context.progress(1, 2, value);
    context.log().info("halfway: {}", value);
    world.pass(node, world.chance().millis(5, 400));
    context.progress(2, 2);
    return "said";
  }
}
