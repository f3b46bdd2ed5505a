package dev.jobs4j.simulation;

import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.EnqueueOutcomeUnknownException;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.Redrive;
import dev.jobs4j.api.schedule.FixedRate;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** What users and operators ask for during a run, and what they were told. */
final class Load {

  static final String LIMIT = "cap";
  static final int CAP = 2;
  static final int MOST_JOBS = 120;

  private static final Operator SOMEBODY = new Operator("somebody", "a simulation");

  private final World world;
  private final Chance chance;
  private final Node front;
  private final Set<JobId> acknowledged = new LinkedHashSet<>();
  private final Set<JobId> refused = new LinkedHashSet<>();
  private final List<JobId> known = new ArrayList<>();
  private int requests;
  private int asked;

  Load(World world) {
    this.world = world;
    chance = world.chance();
    front = world.maker().front();
  }

  Node front() {
    return front;
  }

  /** Plans all requests, and what operators do. */
  void plan() {
    int most = (int) world.swarm().load().toMillis();
    for (int i = 0; i < world.swarm().requests(); i++) {
      later(most, this::request);
      if (chance.odds(0.4)) {
        later(most, this::operate);
      }
    }
    for (int i = 0; i < world.swarm().schedules(); i++) {
      later(i < 2 ? most / 4 : most, i < 2 ? this::save : this::schedule);
    }
  }

  private void later(int most, Runnable work) {
    world.agenda().in(chance.millis(0, most), () -> front.run(world.atOneGo(), () -> tried(work)));
  }

  /** Whatever fails has been told to who asked. */
  private void tried(Runnable work) {
    try {
      work.run();
    } catch (JobException | LinkageError e) {
      world.note(() -> "front was told: " + e.getMessage());
    }
  }

  // enqueue

  private void request() {
    if (chance.odds(0.1)) {
      transaction();
    } else {
      int jobs = chance.odds(0.2) ? chance.between(2, 5) : 1;
      if (world.swarm().work().brisk() > 0
          && chance.odds(0.2)
          && world.ledger().all().size() < MOST_JOBS) {
        jobs = chance.between(10, 30); // so many that engines fetch some ahead
      }
      List<JobRequest<byte[]>> requests = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        requests.add(draw());
      }
      enqueue(requests);
    }
  }

  /** Asks for jobs, and notes the answer. */
  void enqueue(List<JobRequest<byte[]>> requests) {
    List<JobId> ids = requests.stream().map(request -> request.id().orElseThrow()).toList();
    asked += ids.size();
    try {
      List<Enqueued> answers = front.jobs().enqueueAll(requests);
      for (Enqueued answer : answers) {
        acknowledged.add(answer.id());
        known.add(answer.id());
        world
            .verdict()
            .check(
                Rule.S1,
                world.ledger().find(answer.id()) != null,
                () -> "acknowledged and not stored: " + answer);
      }
    } catch (EnqueueOutcomeUnknownException e) {
      world.figures().count("unknown enqueues");
      known.addAll(ids);
    } catch (JobException e) {
      refused.addAll(ids);
      throw e;
    }
  }

  private void transaction() {
    InMemoryJobStore.Transaction transaction = world.store().begin();
    boolean commits = chance.odds(0.7);
    List<JobRequest<byte[]>> requests = new ArrayList<>();
    for (int i = 0; i <= chance.below(2); i++) {
      requests.add(plain(Nodes.WORK));
    }
    try {
      List<Enqueued> answers = front.jobs().in(transaction).enqueueAll(requests);
      if (Crew.current() != null) {
        pause(chance.millis(1, 2_000));
      }
      if (commits) {
        transaction.commit();
        answers.forEach(answer -> acknowledged.add(answer.id()));
      } else {
        transaction.rollback();
      }
      world.recorder().ended(transaction, commits, world.store().records());
    } catch (JobException | LinkageError e) { // its caller rolls back
      transaction.rollback();
      world.recorder().ended(transaction, false, world.store().records());
      throw e;
    }
  }

  private void pause(Duration time) {
    try {
      world.pass(front, time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JobRequest<byte[]> plain(JobType<byte[]> type) {
    boolean deadly = chance.odds(0.03);
    String payload = Ledger.ASKED + String.valueOf(++requests) + (deadly ? Script.DEADLY : "");
    return type.request(payload.getBytes(StandardCharsets.UTF_8)).id(id());
  }

  private JobId id() {
    long time = world.agenda().instant(world.agenda().nanos()).toEpochMilli();
    return new JobId(
        new UUID(
            (time << 16) | 0x7000 | (requests & 0xFFF), (chance.seed() >>> 2) | Long.MIN_VALUE));
  }

  private JobRequest<byte[]> draw() {
    JobRequest<byte[]> request =
        plain(chance.pick(List.of(Nodes.WORK, Nodes.WORK, Nodes.SIDE, Nodes.FRESH, Nodes.WORK_2)));
    if (chance.odds(0.3)) {
      request = request.delay(chance.millis(0, 6_000));
    } else if (chance.odds(0.1)) {
      request = request.at(world.agenda().instant(0).plusMillis(chance.below(20_000)));
    }
    if (chance.odds(0.2)) {
      request = request.priority(chance.pick(List.of(Priority.values())));
    }
    if (chance.odds(0.3)) {
      request = request.tenant("t" + chance.below(3));
    }
    if (chance.odds(0.2)) {
      request = request.maxAttempts(chance.between(1, 3));
    }
    return special(request);
  }

  private JobRequest<byte[]> special(JobRequest<byte[]> request) {
    switch (chance.below(9)) {
      case 0:
        return request.uniqueKey("u" + chance.below(3));
      case 1:
        return request.replace("d" + chance.below(2));
      case 2, 3:
        return request.fifo(
            "f" + chance.below(2), chance.odds(0.5) ? Fifo.OnDead.SKIP : Fifo.OnDead.BLOCK);
      case 4, 5:
        return request.limit(LIMIT, "k" + chance.below(2));
      case 6:
        return request.expireAfter(chance.millis(2_000, 15_000));
      case 7:
        return known.isEmpty() ? request : request.after(someJob());
      default:
        return request;
    }
  }

  private JobId someJob() {
    List<JobId> there = known.stream().filter(id -> world.ledger().find(id) != null).toList();
    return there.isEmpty() ? known.get(0) : chance.pick(there);
  }

  // operate

  private void operate() {
    switch (chance.below(6)) {
      case 0, 1 -> ofSome(id -> front.jobs().cancel(id));
      case 2 -> ofSome(id -> front.jobs().requeue(id));
      case 3 ->
          front
              .jobs()
              .deadLetters()
              .redrive(DeadLetterFilter.all(), Redrive.perSecond(2).limit(3), SOMEBODY);
      default -> pause();
    }
  }

  private void ofSome(Consumer<JobId> work) {
    if (!known.isEmpty()) {
      work.accept(chance.pick(known));
    }
  }

  private void pause() {
    Pause.Target target =
        switch (chance.below(4)) {
          case 0 -> Pause.queue(chance.odds(0.5) ? "main" : "side");
          case 1 -> Pause.type(Nodes.WORK.name());
          case 2 -> Pause.tenant("t" + chance.below(3));
          default -> Pause.node("node-" + chance.between(1, world.swarm().nodes()));
        };
    Duration length = chance.millis(500, 5_000);
    boolean ends = chance.odds(0.4);
    front
        .jobs()
        .pauses()
        .pause(target, SOMEBODY, ends ? world.agenda().instant().plus(length) : null);
    if (!ends) {
      world
          .agenda()
          .in(
              length,
              () ->
                  front.run(
                      world.atOneGo(), () -> tried(() -> front.jobs().pauses().resume(target))));
    }
  }

  /** Ends every pause. */
  void resumeAll() {
    for (Pause pause : front.jobs().pauses().list()) {
      front.jobs().pauses().resume(pause.target());
    }
  }

  // recurring jobs

  private void save() {
    front.jobs().schedules().save(recurring("s" + chance.below(2)));
  }

  private void schedule() {
    String name = "s" + chance.below(2);
    switch (chance.below(8)) {
      case 0 -> front.jobs().schedules().delete(name);
      case 1 -> front.jobs().schedules().runNow(name);
      case 2 -> front.jobs().schedules().pause(name, SchedulePause.of("somebody", ""));
      case 3 -> front.jobs().schedules().resume(name);
      default -> save();
    }
  }

  private RecurringJob<byte[]> recurring(String name) {
    Duration period = Duration.ofSeconds(chance.between(2, 9));
    return RecurringJob.of(
            name,
            new FixedRate(period, world.agenda().instant(0)),
            Nodes.SIDE,
            ("s" + name).getBytes(StandardCharsets.UTF_8))
        .overlap(chance.pick(List.of(Overlap.values())))
        .misfire(chance.pick(List.of(Misfire.SKIP, Misfire.RUN_ONCE, Misfire.runAll(3))));
  }

  /** Gives up what is dead, and may hold up others. */
  void discardAll() {
    front.jobs().deadLetters().discard(DeadLetterFilter.all(), 1_000, SOMEBODY);
  }

  /** Deletes every recurring job. */
  void deleteSchedules() {
    front.jobs().schedules().delete("s0");
    front.jobs().schedules().delete("s1");
  }

  // answers

  int asked() {
    return asked;
  }

  Set<JobId> acknowledged() {
    return acknowledged;
  }

  /** Those of which the caller was told that they are not stored. */
  Set<JobId> refused() {
    return refused;
  }

  JobRequest<byte[]> probe(JobType<byte[]> type) {
    String payload = Ledger.ASKED + String.valueOf(++requests);
    return type.request(payload.getBytes(StandardCharsets.UTF_8)).id(id());
  }
}
