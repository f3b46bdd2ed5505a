package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.spi.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** A recurring job runs again and again, each time on one node. */
abstract class RecurringRunCases extends EngineCases {

  private static final JobType<String> TYPE = JobType.of("tck.recurring", String.class);

  private final ConcurrentLinkedQueue<Instant> firings = new ConcurrentLinkedQueue<>();

  private RecurringJob<String> eachSecond(String name) {
    return RecurringJob.of(
            name, Schedule.every(Duration.ofSeconds(1)), TYPE.request("again").queue(queue.name()))
        .overlap(Overlap.ALLOW);
  }

  private JobsBuilder firing() {
    return node()
        .handler(
            TYPE,
            (payload, context) -> context.firing().map(firings::add).orElse(false),
            handled());
  }

  @Test
  void ofTwoNodesOneFiresAtEachInstant() {
    assumeTrue(can(Capability.SCHEDULES), "keeps no recurring jobs");
    String name = "two-" + queue.name();
    Jobs first = start(firing());
    start(firing());
    first.schedules().save(eachSecond(name));
    Eventually.until("five firings", () -> firings.size() >= 5);
    first.schedules().delete(name);

    List<Instant> seen = new ArrayList<>(firings).stream().sorted().toList();
    assertThat(seen).doesNotHaveDuplicates();
    for (int i = 1; i < seen.size(); i++) {
      assertThat(seen.get(i)).isEqualTo(seen.get(i - 1).plusSeconds(1));
    }
  }

  @Test
  void aDelayFollowsTheEndOfItsRun() {
    assumeTrue(can(Capability.SCHEDULES), "keeps no recurring jobs");
    String name = "delay-" + queue.name();
    Jobs jobs = start(firing());
    jobs.schedules()
        .save(
            RecurringJob.of(
                name,
                Schedule.withDelay(Duration.ofSeconds(1)),
                TYPE.request("again").queue(queue.name())));
    Eventually.until("three runs", () -> events(JobEvent.Succeeded.class).size() >= 3);
    jobs.schedules().delete(name);

    List<Instant> seen = List.copyOf(firings);
    for (int i = 1; i < seen.size(); i++) {
      assertThat(Duration.between(seen.get(i - 1), seen.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void aBackendThatKeepsNoneSaysSo() {
    assumeTrue(!can(Capability.SCHEDULES), "keeps recurring jobs");
    Jobs jobs = enqueueOnly();

    Assertions.assertThatThrownBy(() -> jobs.schedules().save(eachSecond("none")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("keeps no recurring jobs");
  }
}
