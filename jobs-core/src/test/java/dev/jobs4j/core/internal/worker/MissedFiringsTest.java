package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobEvent.DropReason;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes up for firings that nobody was there for. */
class MissedFiringsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Schedule EACH_MINUTE = Schedule.every(MINUTE);

  private final RecurringWorld recurring = new RecurringWorld(1);
  private final World world = recurring.world;

  @Test
  void oneRunMakesUpForWhatWasMissed() {
    recurring.save(EACH_MINUTE, Misfire.RUN_ONCE, Overlap.SKIP);
    Instant first = world.now().plus(MINUTE);
    world.advance(HOUR.multipliedBy(3).plusSeconds(90));

    World.Node node = recurring.node();
    recurring.round(node);

    assertThat(recurring.ran).hasSize(1);
    assertThat(recurring.dropped())
        .extracting(JobEvent.FiringsDropped::first, JobEvent.FiringsDropped::reason)
        .containsExactly(tuple(first, DropReason.MISSED));
  }

  @Test
  void whatWasMissedCanBeSkipped() {
    recurring.save(Schedule.every(HOUR), Misfire.SKIP, Overlap.SKIP);
    world.advance(HOUR.multipliedBy(3).plusMinutes(10));

    recurring.round(recurring.node());

    assertThat(recurring.ran).isEmpty();
    assertThat(recurring.dropped()).hasSize(1);
    assertThat(recurring.stored().position().nextFiring()).isAfter(world.now());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SKIP", "QUEUE", "ALLOW"})
  void eachMissedFiringCanBeMadeUpForAndWithoutOverlaps(String overlap) {
    recurring.save(Schedule.every(HOUR), Misfire.runAll(5), Overlap.valueOf(overlap));
    Instant start = world.now();
    world.advance(HOUR.multipliedBy(3).plusMinutes(10));

    recurring.pass(recurring.node(), MINUTE, SECOND);

    assertThat(recurring.ran)
        .containsExactly(
            start.plus(HOUR), start.plus(HOUR.multipliedBy(2)), start.plus(HOUR.multipliedBy(3)));
    assertThat(recurring.dropped()).isEmpty();
    assertThat(recurring.stored().position().nextFiring())
        .isEqualTo(start.plus(HOUR.multipliedBy(4)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SKIP", "QUEUE"})
  void missedFiringsWaitForTheRunBefore(String overlap) {
    recurring.save(Schedule.every(HOUR), Misfire.runAll(5), Overlap.valueOf(overlap));
    world.advance(HOUR.multipliedBy(3).plusMinutes(10));
    World.Node node = recurring.node();
    node.fire();
    node.poll();
    for (int i = 0; i < 30; i++) {
      world.advance(SECOND);
      node.fire();
    }

    assertThat(world.events(JobEvent.Enqueued.class)).hasSize(1);
    recurring.pass(node, MINUTE, SECOND);
    assertThat(recurring.ran).hasSize(3).isSorted();
  }
}
