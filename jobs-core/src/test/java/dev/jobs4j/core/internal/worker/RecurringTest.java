package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobEvent.DropReason;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole engines fire recurring jobs, in one thread and in made-up time. */
class RecurringTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Schedule EACH_MINUTE = Schedule.every(MINUTE);

  private final RecurringWorld recurring = new RecurringWorld(1);
  private final World world = recurring.world;

  static List<Instant> minutes(Instant first, int count) {
    return IntStream.range(0, count).mapToObj(i -> first.plus(MINUTE.multipliedBy(i))).toList();
  }

  @Test
  void itFiresAtEachInstant() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.SKIP);
    Instant start = world.now();

    recurring.pass(recurring.node(), MINUTE.multipliedBy(10), SECOND);

    assertThat(recurring.ran).isEqualTo(minutes(start.plus(MINUTE), 10));
    assertThat(recurring.stored().position().lastFiring()).isEqualTo(start.plusSeconds(600));
    assertThat(world.events(JobEvent.Enqueued.class)).hasSize(10);
    assertThat(recurring.dropped()).isEmpty();
  }

  @Test
  void twoLeadersWhoLookAtTheSameTimeFireOnce() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.ALLOW);
    World.Node other = recurring.node();
    World.Node node = recurring.node(other::fire);

    recurring.pass(node, MINUTE.multipliedBy(20), SECOND);

    assertThat(recurring.ran).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aLeaderThatDiesBeforeItFiresLosesNothing() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.ALLOW);
    World.Node dying =
        recurring.node(
            () -> {
              throw new OutOfMemoryError("made up");
            });
    World.Node other = recurring.node();
    for (int i = 0; i < 10; i++) {
      world.advance(MINUTE);
      dying.fire();
      recurring.round(other);
    }

    assertThat(recurring.ran).hasSize(10).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverTheOrderOfStepsEachInstantFiresOnce(long seed) {
    RecurringWorld many = new RecurringWorld(seed);
    many.save(EACH_MINUTE, Misfire.runAll(1_000), Overlap.ALLOW);
    Instant start = many.world.now();
    AtomicReference<World.Node> second = new AtomicReference<>();
    World.Node first =
        many.node(
            () -> {
              if (many.world.random.nextBoolean()) {
                second.get().fire();
              }
            });
    second.set(many.node());
    for (int i = 0; i < 2_000; i++) {
      many.world.advance(Duration.ofMillis(many.world.random.nextInt(20_000)));
      World.Node node = many.world.random.nextBoolean() ? first : second.get();
      if (many.world.random.nextInt(20) == 0) { // the store's clock is set
        many.world.advance(Duration.ofSeconds(many.world.random.nextInt(3_600) - 1_200));
      }
      node.fire();
      many.round(second.get());
    }
    many.world.advance(HOUR);
    many.round(second.get());

    assertThat(many.ran.stream().distinct().count()).as("seed %d", seed).isEqualTo(many.ran.size());
    assertThat(many.ran).contains(start.plus(MINUTE)).hasSizeGreaterThan(300);
    Instant last = many.ran.stream().max(Instant::compareTo).orElseThrow();
    int count = (int) Duration.between(start, last).toMinutes();
    assertThat(many.ran)
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(minutes(start.plus(MINUTE), count));
  }

  @Test
  void deletedAndSavedAgainUnderTwoLeadersItDoesNotBurst() {
    World.Node other = recurring.node();
    AtomicReference<Runnable> between = new AtomicReference<>(() -> {});
    World.Node node = recurring.node(() -> between.get().run());
    recurring.save(EACH_MINUTE, Misfire.runAll(100), Overlap.ALLOW);
    world.advance(MINUTE.multipliedBy(5));
    between.set(
        () -> {
          recurring.schedules().delete(RecurringWorld.NAME);
          recurring.save(EACH_MINUTE, Misfire.runAll(100), Overlap.ALLOW);
        });
    node.fire();
    between.set(() -> {});
    recurring.round(other);
    assertThat(recurring.ran).as("what was missed before it was saved").isEmpty();

    recurring.pass(node, MINUTE.multipliedBy(3), SECOND);
    assertThat(recurring.ran).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void eachDayFiresOnceThroughBothChangesOfTheClocks() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    recurring.save(Schedule.cron("30 2 * * *", berlin), Misfire.RUN_ONCE, Overlap.SKIP);

    recurring.pass(recurring.node(), Duration.ofDays(360), Duration.ofMinutes(10));

    assertThat(recurring.ran.stream().map(i -> i.atZone(berlin).toLocalDate()))
        .hasSize(360)
        .doesNotHaveDuplicates();
  }

  @Test
  void aFiringIsDroppedWhileARunLasts() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.SKIP);
    World.Node node = recurring.node();
    lasting(node, 3);

    assertThat(world.events(JobEvent.Enqueued.class)).hasSize(1);
    assertThat(recurring.dropped())
        .extracting(JobEvent.FiringsDropped::reason)
        .containsExactly(DropReason.OVERLAP, DropReason.OVERLAP);
    node.handleAll();
    node.settle();
    world.advance(MINUTE);
    recurring.round(node);
    assertThat(recurring.ran).hasSize(2);
  }

  @Test
  void oneFiringCanWaitForTheRunToEnd() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.QUEUE);
    Instant start = world.now();
    World.Node node = recurring.node();
    lasting(node, 4);

    assertThat(world.events(JobEvent.Enqueued.class)).hasSize(1);
    assertThat(recurring.stored().position().waiting()).isEqualTo(start.plus(MINUTE).plus(MINUTE));
    assertThat(recurring.dropped()).hasSize(2);
    node.handleAll();
    node.settle();
    recurring.pass(node, Duration.ofSeconds(6), SECOND);
    assertThat(recurring.ran)
        .containsExactly(start.plus(MINUTE), start.plus(MINUTE.multipliedBy(2)));
    assertThat(recurring.stored().position().waiting()).isNull();
  }

  @Test
  void aFiringCanRunBesideAnother() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.ALLOW);
    lasting(recurring.node(), 3);

    assertThat(world.events(JobEvent.Enqueued.class)).hasSize(3);
  }

  /** Lets the first run last for so many firings. */
  private void lasting(World.Node node, int firings) {
    elapse(node, MINUTE.multipliedBy(firings));
  }

  /** Whatever runs goes on; all else goes its way. */
  private void elapse(World.Node node, Duration time) {
    Instant end = world.now().plus(time);
    while (world.now().isBefore(end)) {
      world.advance(Duration.ofSeconds(5));
      node.renew();
      node.fire();
      node.poll();
    }
  }

  @Test
  void aDelayCountsFromTheEndOfTheRun() {
    recurring.save(Schedule.withDelay(MINUTE.multipliedBy(10)), Misfire.RUN_ONCE, Overlap.SKIP);
    Instant start = world.now();
    World.Node node = recurring.node();
    elapse(node, MINUTE.multipliedBy(35));
    assertThat(recurring.stored().position().nextFiring()).isNull();
    node.handleAll();
    node.settle(); // 35 minutes after the start
    recurring.pass(node, MINUTE.multipliedBy(12), SECOND);

    assertThat(recurring.ran)
        .containsExactly(start.plusSeconds(10 * 60), start.plusSeconds(45 * 60));
  }

  @Test
  void aDelayCountsFromTheDeathOfARunToo() {
    recurring.save(Schedule.withDelay(MINUTE), Misfire.RUN_ONCE, Overlap.SKIP);
    World.Node node =
        recurring.node(
            (payload, context) -> {
              recurring.note(payload, context);
              throw new StackOverflowError("made up");
            });

    recurring.pass(node, MINUTE.multipliedBy(10), SECOND);

    assertThat(recurring.ran.stream().distinct()).hasSizeGreaterThan(5);
    assertThat(world.events(JobEvent.Died.class)).hasSizeGreaterThan(5);
  }

  @Test
  void aRunOfWhichNothingIsKeptHasEndedWhenItIsFound() {
    recurring.save(Schedule.withDelay(MINUTE), Misfire.RUN_ONCE, Overlap.SKIP);
    World.Node node = recurring.node();
    recurring.pass(node, MINUTE, SECOND);
    world.store.records().delete(recurring.stored().lastRun().id());

    recurring.pass(node, MINUTE.multipliedBy(2).plusSeconds(2), SECOND);

    assertThat(recurring.ran).hasSize(2);
  }

  @Test
  void firingsOfAPauseAreDropped() {
    recurring.save(EACH_MINUTE, Misfire.runAll(100), Overlap.ALLOW);
    Instant start = world.now();
    Instant end = start.plus(HOUR);
    recurring.schedules().pause(RecurringWorld.NAME, SchedulePause.of("anna", "").until(end));

    recurring.pass(recurring.node(), HOUR.plus(MINUTE), SECOND);

    assertThat(recurring.ran).containsExactly(end, end.plus(MINUTE));
    assertThat(recurring.dropped())
        .extracting(JobEvent.FiringsDropped::first, JobEvent.FiringsDropped::reason)
        .containsExactly(tuple(start.plus(MINUTE), DropReason.PAUSED));
    assertThat(recurring.stored().pause()).isNull();
  }

  @Test
  void aResumedOneGoesOnWithItsNextFiring() {
    recurring.save(EACH_MINUTE, Misfire.runAll(100), Overlap.ALLOW);
    recurring.schedules().pause(RecurringWorld.NAME, SchedulePause.of("anna", ""));
    World.Node node = recurring.node();
    recurring.pass(node, HOUR.plusSeconds(30), SECOND);
    assertThat(recurring.ran).isEmpty();

    recurring.schedules().resume(RecurringWorld.NAME);
    recurring.pass(node, MINUTE, SECOND);

    assertThat(recurring.ran).hasSize(1);
  }

  @Test
  void jitterMovesTheRunAndNotTheFiring() {
    ScheduleDefinition definition =
        RecurringWorld.definition(
            EACH_MINUTE, Misfire.RUN_ONCE, Overlap.ALLOW, Duration.ofSeconds(30));
    recurring.save(definition, EACH_MINUTE);
    Instant start = world.now();
    World.Node node = recurring.node();
    List<Duration> late = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      world.advance(MINUTE);
      node.renew();
      node.fire();
      StoredSchedule stored = recurring.stored();
      Job job = world.store.records().find(stored.lastRun().id()).orElseThrow();
      Instant firing = start.plus(MINUTE.multipliedBy(i + 1));
      assertThat(stored.position().lastFiring()).isEqualTo(firing);
      late.add(Duration.between(firing, job.runAt()));
    }

    assertThat(late).allMatch(d -> !d.isNegative() && d.compareTo(Duration.ofSeconds(30)) <= 0);
    assertThat(late.stream().distinct()).hasSizeGreaterThan(30);
  }

  @Test
  void oneThatCannotBeReadDoesNotStopTheOthers() {
    ScheduleDefinition good =
        RecurringWorld.definition(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.SKIP, Duration.ZERO);
    ScheduleDefinition bad =
        new ScheduleDefinition(
            "a bad one",
            "@every 1m",
            "Mars/Olympus",
            "RUN_ONCE",
            "SKIP",
            Duration.ZERO,
            null,
            false,
            good.job());
    recurring.schedules().save(bad, EACH_MINUTE::next);
    recurring.save(good, EACH_MINUTE);

    recurring.pass(recurring.node(), MINUTE.multipliedBy(5), SECOND);

    assertThat(recurring.ran).hasSize(5);
    assertThat(recurring.schedules().find("a bad one").orElseThrow().position().lookAt())
        .isAfter(world.now());
  }

  @Test
  void oneWhoseJobIsRefusedDoesNotStopTheOthers() {
    ScheduleDefinition good =
        RecurringWorld.definition(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.SKIP, Duration.ZERO);
    ScheduleDefinition bad =
        new ScheduleDefinition(
            "a bad one",
            EACH_MINUTE.spec(),
            "UTC",
            "RUN_ONCE",
            "SKIP",
            Duration.ZERO,
            null,
            false,
            good.job().toBuilder().after(List.of(new JobId(world.uuid()))).build());
    recurring.schedules().save(bad, EACH_MINUTE::next);
    recurring.save(good, EACH_MINUTE);

    recurring.pass(recurring.node(), MINUTE.multipliedBy(5), SECOND);

    assertThat(recurring.ran).hasSize(5);
  }
}
