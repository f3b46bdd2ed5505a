package dev.jobs4j.examples.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.schedule.Recurring;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How an application starts its jobs, calls them off and asks for what they returned. */
class ControlTest {

  private static final JobType<Integer> SUM = JobType.of("sum", Integer.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final CountDownLatch swept = new CountDownLatch(1);

  // begin: recurring-method
  class Cleaning {
    @JobHandler(type = "sweep")
    @Recurring(cron = "0 3 * * *", zone = "Europe/Berlin", jitter = "5m")
    void sweep() {
      swept.countDown();
    }
  }

  // end

  @Test
  void environment() throws InterruptedException {
    // begin: environment
    Jobs jobs =
        Jobs.fromEnvironment() // JOBS_QUEUES=mails=5,reports=1 and the like, or a file .env
            .store(store)
            .handlers(new Cleaning())
            .start();
    // end
    try (jobs) {
      assertThat(jobs.schedules().preview("sweep", 2)).hasSize(2);
      jobs.schedules().runNow("sweep");
      assertThat(swept.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void control() throws InterruptedException {
    try (Jobs jobs =
        Jobs.builder().store(store).handler(SUM, (number, context) -> number + 1).start()) {
      JobId late = jobs.enqueue(SUM.request(1).delay(Duration.ofDays(1))).id();
      JobId done = jobs.enqueue(SUM, 41).id();
      while (jobs.result(done, Integer.class).isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      // begin: control
      Cancellation called = jobs.cancel(late); // CANCELLED, or REQUESTED of one that runs
      Optional<Integer> sum = jobs.result(done, Integer.class); // what its handler returned
      JobId again = jobs.rerun(done); // runs once more, as a job of its own
      // end
      assertThat(called).isEqualTo(Cancellation.CANCELLED);
      assertThat(sum).contains(42);
      assertThat(again).isNotEqualTo(done);
    }
  }
}
