package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.EngineHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an engine says of handlers that do not end, in made-up time. */
class HungHandlersTest {

  /** As many as there are slots, and as many again in their place. */
  private static final int ALL = 6;

  private static final Duration LONG = Duration.ofMinutes(2);

  private final World world = new World(7);
  private final World.Node[] node = new World.Node[1];

  @Test
  void aQueueWithoutASlotLeftIsTroubleUntilAHandlerEnds() {
    List<List<String>> before = new ArrayList<>();
    List<List<String>> after = new ArrayList<>();
    node[0] =
        world.node(
            (payload, context) -> {
              before.add(node[0].engine.troubles());
              hang(LONG);
              if (before.size() < ALL) {
                node[0].poll();
                node[0].handle();
              }
              after.add(node[0].engine.troubles());
              return null;
            });
    for (int i = 0; i < ALL; i++) {
      world.enqueue();
    }
    node[0].renew();
    node[0].poll();
    node[0].handle();
    assertThat(before).hasSize(ALL).allMatch(List::isEmpty);
    assertThat(after.get(0))
        .containsExactly("queue world has no slot left: 6 handlers ignore their interruption");
    assertThat(new EngineHealth(true, after.get(0), ALL).isUp()).isFalse();
    assertThat(after.subList(1, ALL)).allMatch(List::isEmpty);
    assertThat(node[0].engine.troubles()).isEmpty();
  }

  /** Goes on for so long, although it is interrupted after a minute. */
  private void hang(Duration time) {
    Duration step = World.LEASE.renewInterval();
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(step)) {
      world.advance(step);
      node[0].renew();
      node[0].watch();
    }
    Thread.interrupted();
    node[0].settle();
  }

  @Test
  void whatAHandlerThrowsAtItsTimeoutIsToldAndDecidesNothing() {
    node[0] =
        world.node(
            (payload, context) -> {
              hang(Duration.ofMinutes(1));
              throw new IllegalStateException("broken off");
            },
            World.POLICY.withAbortOn(Set.of(IllegalStateException.class)));
    world.enqueue();
    node[0].renew();
    node[0].poll();
    node[0].handle();
    node[0].settle();
    assertThat(world.events(JobEvent.Retried.class))
        .singleElement()
        .extracting(event -> event.failure().stack())
        .asString()
        .contains("Caused by: java.lang.IllegalStateException: broken off");
  }
}
