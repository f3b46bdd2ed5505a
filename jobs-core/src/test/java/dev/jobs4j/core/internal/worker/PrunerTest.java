package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.ArchivedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an engine prunes, and what a failing archive does to it. */
class PrunerTest {

  private static final Duration WEEK = Duration.ofDays(7);

  private final World world = new World(1);
  private final List<ArchivedJob> archived = new ArrayList<>();
  private int calls;
  private boolean full;

  private World.Node node() {
    world.archive =
        jobs -> {
          calls++;
          if (full) {
            throw new IllegalStateException("the disk is full");
          }
          archived.addAll(jobs);
        };
    return world.node(World::nothing);
  }

  /** Advances in steps in which the engine prunes. */
  private void live(World.Node node, Duration time) {
    for (long minute = 0; minute < time.toMinutes(); minute++) {
      world.advance(Duration.ofMinutes(1));
      node.prune();
    }
  }

  private List<JobId> old(int count) {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JobId id = world.enqueue();
      world.store.records().cancel(id);
      ids.add(id);
    }
    world.advance(WEEK.plusMinutes(1));
    return ids;
  }

  private boolean isThere(JobId id) {
    return world.store.records().find(id).isPresent();
  }

  @Test
  void whatIsOverGoesToTheArchiveInBatchesWithoutARest() {
    World.Node node = node();
    List<JobId> ids = old(250);

    node.prune();
    node.prune();
    node.prune();

    assertThat(calls).isEqualTo(3);
    assertThat(archived).hasSize(250);
    assertThat(ids).noneMatch(this::isThere);
  }

  private JobId cancelled() {
    JobId id = world.enqueue();
    world.store.records().cancel(id);
    return id;
  }

  @Test
  void itPrunesOnceAMinute() {
    World.Node node = node();
    JobId first = cancelled();
    world.advance(Duration.ofSeconds(70));
    JobId second = cancelled();
    world.advance(WEEK.minusSeconds(10));
    node.prune();
    assertThat(isThere(first)).isFalse();

    world.advance(Duration.ofSeconds(30));
    node.prune();
    assertThat(isThere(second)).as("it is over, and the engine rests").isTrue();

    world.advance(Duration.ofSeconds(30));
    node.prune();
    assertThat(isThere(second)).isFalse();
  }

  @Test
  void anArchiveThatFailsIsAskedLessAndLessAndIsNoTroubleOfTheEngine() {
    World.Node node = node();
    List<JobId> ids = old(5);
    full = true;

    live(node, Duration.ofHours(4));

    assertThat(calls).as("at 0, 2, 6, 14, 30, then each 32 minutes").isBetween(10, 13);
    assertThat(node.engine.troubles()).isEmpty();
    assertThat(ids).allMatch(this::isThere);

    full = false;
    live(node, Duration.ofMinutes(32));
    assertThat(archived).hasSize(5);
    assertThat(ids).noneMatch(this::isThere);

    int before = calls;
    old(1);
    node.prune();
    assertThat(calls).as("it rests a minute again").isEqualTo(before + 1);
  }

  @Test
  void noOtherLoopWaitsForTheArchive() {
    World.Node node = node();
    old(5);
    List<String> others = new ArrayList<>(node.loopNames());
    assertThat(others.remove("jobs-pruner-store")).isTrue();

    others.forEach(node::step);
    assertThat(calls).isZero();

    node.prune();
    assertThat(calls).isEqualTo(1);
  }
}
