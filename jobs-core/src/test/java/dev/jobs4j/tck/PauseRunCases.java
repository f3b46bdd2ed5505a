package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.spi.Capability;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What is paused from one node runs on none, and runs once it is resumed. */
abstract class PauseRunCases extends EngineCases {

  private static final Operator ANN = new Operator("ann", "provider is down");

  private final ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();

  @Test
  void whatIsPausedElsewhereIsPassedUntilItIsResumed() {
    assumeTrue(can(Capability.PAUSE), "pauses nothing");
    JobType<String> slow = JobType.of("slow-" + queue.name(), String.class);
    JobType<String> quick = JobType.of("quick-" + queue.name(), String.class);
    start(
        node()
            .handler(slow, (payload, context) -> ran.add(payload), handled())
            .handler(quick, (payload, context) -> ran.add(payload), handled()));
    Jobs elsewhere = enqueueOnly();
    Pauses pauses = elsewhere.pauses();
    pauses.pause(Pause.type(slow.name()), ANN);
    elsewhere.enqueue(slow.request("slow").queue(queue.name()));
    elsewhere.enqueue(quick.request("quick").queue(queue.name()));

    awaitEvent(JobEvent.Succeeded.class);
    assertThat(ran).containsExactly("quick");
    assertThat(pauses.resume(Pause.type(slow.name()))).isTrue();
    Eventually.until("what was paused runs", () -> ran.size() == 2);
  }

  @Test
  void aQueueThatCannotBePausedIsRefused() {
    assumeTrue(!can(Capability.PAUSE), "pauses queues");
    JobType<String> type = JobType.of("tck.paused", String.class);
    Pauses pauses =
        start(node().handler(type, (payload, context) -> ran.add(payload), handled())).pauses();

    assertThatThrownBy(() -> pauses.pause(Pause.queue(queue.name()), ANN))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("QUEUE " + queue + " cannot be paused")
        .hasMessageContaining("put its jobs into a store that can pause");
    assertThat(pauses.list()).isEmpty();
  }
}
