package dev.jobs4j.examples.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs that wait for each other. */
class WaitingTest {

  static final JobType<String> CHECK = JobType.of("check", String.class);
  static final JobType<String> REPORT = JobType.of("report", String.class);
  static final JobType<String> BILL = JobType.of("bill", String.class);
  static final JobType<String> SYNC = JobType.of("sync", String.class);

  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>(100);

  private final class Handlers {
    @JobHandler(type = "check")
    int check(String text) {
      ran.add(text);
      return text.length();
    }

    // begin: results
    @JobHandler(type = "bill")
    void bill(String customer, JobContext context) {
      int hours = context.result("hours", Integer.class).orElseThrow(); // by the name of its step
      int all = context.results(Integer.class).mapToInt(r -> r.result().orElse(0)).sum();
      // of all that it waited for, read in pages: there may be ten thousand
      ran.add(customer + " " + hours + " of " + all);
    }

    // end

    @JobHandler(type = "report")
    void report(String text) {
      ran.add(text);
    }

    // begin: follow-up
    @JobHandler(type = "sync")
    JobOutcome sync(String partner, JobContext context) {
      // ... the work ...
      return JobOutcome.done().follow(CHECK.request(partner).delay(Duration.ofMillis(30)));
    } // the follow-up is stored in the transaction that accepts this success, or not at all
    // end
  }

  private final Jobs jobs =
      Jobs.builder().store(InMemoryJobStore.create()).handlers(new Handlers()).start();

  @AfterEach
  void close() {
    jobs.close();
  }

  private String next() throws InterruptedException {
    return String.valueOf(ran.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void fifo() {
    try (Jobs jobs = Jobs.builder().store(InMemoryJobStore.create()).enqueueOnly()) {
      // begin: fifo
      jobs.enqueue(CHECK.request("opened").fifo("account-7"));
      jobs.enqueue(CHECK.request("closed").fifo("account-7", Fifo.OnDead.SKIP));
      List<BlockedLine> blocked = jobs.deadLetters().blockedLines(null, 100);
      // a dead job blocks those behind it until it is redriven or discarded; SKIP lets them go on
      // end
      assertThat(blocked).isEmpty();
    }
  }

  @Test
  void chain() throws InterruptedException {
    // begin: chain
    jobs.submit(Workflow.chain(CHECK.request("first"), CHECK.request("second")));
    // end
    assertThat(List.of(next(), next())).containsExactly("first", "second");
  }

  @Test
  void fanOut() throws InterruptedException {
    List<String> shipments = List.of("a", "b", "c");
    // begin: fan-out
    jobs.submit(
        Workflow.fanOut(shipments, CHECK::request) // up to 10,000 and more
            .then(REPORT.request("all checked"))); // once; thenAnyway(..): also if some have failed
    // end
    assertThat(List.of(next(), next(), next())).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(next()).isEqualTo("all checked");
  }

  @Test
  void graph() throws InterruptedException {
    // begin: graph
    Workflow workflow = Workflow.create();
    Workflow.Step hours = workflow.add(CHECK.request("count hours")).named("hours");
    Workflow.Step trips = workflow.add(CHECK.request("count trips")).after(hours);
    workflow.add(BILL.request("acme")).after(hours, trips);
    workflow.add(REPORT.request("clean up")).afterEnd(hours, trips);
    jobs.submit(workflow);
    // end
    assertThat(List.of(next(), next())).containsExactly("count hours", "count trips");
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("acme 11 of 22", "clean up");
  }

  @Test
  void followUp() throws InterruptedException {
    Enqueued sync = jobs.enqueue(SYNC, "acme");
    assertThat(next()).isEqualTo("acme");
    assertThat(jobs.find(sync.id()).map(Job::state)).contains(JobState.SUCCEEDED);
  }
}
