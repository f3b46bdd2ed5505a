package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An engine whose open key is only wanted by jobs that are paused. */
class OpenKeyTest {

  private static final Duration POLL = Duration.ofMillis(64);

  private final AtomicInteger claims = new AtomicInteger();

  /** A key is said to be open, as it is to a store whose claims end at a pause. */
  private JobStore open(JobStore store) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("opensIn")) {
                return Optional.of(Duration.ZERO);
              }
              if (called.getName().equals("claim")) {
                claims.incrementAndGet();
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void eachEmptyClaimIsFollowedByALongerRest() {
    World world = new World(1);
    World.Node node = world.node(World::nothing, this::open);
    node.renew();
    world.enqueue();
    Pause.Target queue = Pause.queue(World.QUEUE.name());
    world.store.pauses().orElseThrow().pause(queue, new Operator("ann", "provider is down"));
    node.poll(); // what woke it before is over

    long began = System.nanoTime();
    for (int i = 0; i < 7; i++) {
      node.poll(POLL);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("0 + 2 + 4 + 8 + 16 + 32 + 64 ms")
        .isGreaterThanOrEqualTo(Duration.ofMillis(126));
    assertThat(claims).hasValue(8);
    world.store.pauses().orElseThrow().resume(queue);
    node.poll();
    assertThat(node.handlers).hasSize(1);
  }
}
