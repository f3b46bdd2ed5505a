package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the worker makes of a failed attempt, through the whole engine in made-up time. */
class RetriesTest {

  private static final RetryPolicy THREE =
      RetryPolicy.of(3, Backoff.constant(Duration.ofSeconds(10))).withJitter(0);

  private final World world = new World(1);

  private World.Node node(JobExecutor<Object> handler, RetryPolicy policy) {
    World.Node node = world.node(handler, policy);
    node.renew();
    return node;
  }

  /** One claim, run and settlement. */
  private static void runOnce(World.Node node) {
    node.renew();
    node.poll();
    node.handleAll();
    node.settle();
  }

  private List<Duration> delays() {
    return world.events(JobEvent.Retried.class).stream().map(JobEvent.Retried::delay).toList();
  }

  private JobState state(JobId id) {
    return world.store.records().find(id).orElseThrow().state();
  }

  @Test
  void aHandlerMaySayItselfWhenToComeBack() {
    World.Node node =
        node(
            (payload, context) -> JobOutcome.retry(Duration.ofMinutes(5), "429 Too Many Requests"),
            THREE);
    JobId id = world.enqueue();
    runOnce(node);
    assertThat(delays()).containsExactly(Duration.ofMinutes(5));
    assertThat(world.events(JobEvent.Retried.class).get(0).failure().message())
        .isEqualTo("429 Too Many Requests");
    for (int i = 0; i < 10; i++) { // half of the five minutes
      world.advance(Duration.ofSeconds(15));
      runOnce(node);
    }
    assertThat(world.events(JobEvent.Started.class)).hasSize(1);
    for (int i = 0; i < 30; i++) {
      world.advance(Duration.ofSeconds(20));
      runOnce(node);
    }
    assertThat(world.events(JobEvent.Started.class)).hasSize(3);
    assertThat(world.events(JobEvent.Died.class))
        .singleElement()
        .extracting(JobEvent.Died::reason)
        .isEqualTo(DeadReason.EXHAUSTED);
    assertThat(world.store.records().attempts(id))
        .extracting(attempt -> attempt.failure().orElseThrow().message())
        .containsExactly("429 Too Many Requests", "429 Too Many Requests", "429 Too Many Requests");
  }

  @Test
  void theAgeCountsFromTheEnqueueAndThroughTheAttempt() {
    int[] took = {0};
    World.Node node =
        node(
            (payload, context) -> {
              world.advance(Duration.ofSeconds(took[0]));
              throw new IOException("busy");
            },
            THREE.withMaxAttempts(100).withMaxAge(Duration.ofMinutes(1)));
    JobId waited = world.enqueue();
    world.advance(Duration.ofSeconds(50)); // a delay of 10 s just meets the minute
    runOnce(node);
    assertThat(state(waited)).isEqualTo(JobState.PENDING);
    world.advance(Duration.ofSeconds(10));
    runOnce(node);
    assertThat(state(waited)).isEqualTo(JobState.DEAD);
    JobId ran = world.enqueue();
    took[0] = 51;
    runOnce(node);
    assertThat(state(ran)).isEqualTo(JobState.DEAD);
    assertThat(world.events(JobEvent.Died.class))
        .extracting(JobEvent.Died::reason)
        .containsExactly(DeadReason.EXHAUSTED, DeadReason.EXHAUSTED);
  }

  @Test
  void thePolicyIsAskedForTheErrorAsItWasThrown() {
    World.Node node =
        node(
            (payload, context) -> {
              throw new IOException("404");
            },
            THREE.withAbortIf(error -> "404".equals(error.getMessage())));
    JobId id = world.enqueue();
    runOnce(node);
    assertThat(state(id)).isEqualTo(JobState.DEAD);
    assertThat(world.events(JobEvent.Died.class))
        .extracting(JobEvent.Died::reason)
        .containsExactly(DeadReason.NON_RETRYABLE);
  }

  @Test
  void aPredicateThatThrowsMakesADeadLetterThatNamesBothErrors() {
    World.Node node =
        node(
            (payload, context) -> {
              throw new IOException("of the handler");
            },
            THREE.withRetryIf(
                error -> {
                  throw new UnsupportedOperationException("of the predicate");
                }));
    JobId id = world.enqueue();
    runOnce(node);
    assertThat(state(id)).isEqualTo(JobState.DEAD);
    String stack = world.events(JobEvent.Died.class).get(0).failure().stack();
    assertThat(stack).contains("of the predicate").contains("Suppressed: java.io.IOException");
  }

  @Test
  void aPredicateMayThrowTheVeryErrorItWasAskedAbout() {
    World.Node node =
        node(
            (payload, context) -> {
              throw new IllegalStateException("again");
            },
            THREE.withRetryIf(
                error -> {
                  throw (RuntimeException) error;
                }));
    JobId id = world.enqueue();
    runOnce(node);
    assertThat(state(id)).isEqualTo(JobState.DEAD);
  }
}
