package dev.jobs4j.examples.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.http.CallbackTarget;
import dev.jobs4j.core.http.HttpCallback;
import dev.jobs4j.core.http.HttpCallbackExecutor;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How jobs are run. */
class RunTest {

  private static final JobType<String> MAIL = JobType.of("mail", String.class);
  private static final BlockingQueue<String> RAN = new LinkedBlockingQueue<>(10);

  // begin: handler
  static class Mails {
    @JobHandler(
        type = "mail",
        queue = "mails",
        timeout = "30s",
        retry =
            @Retry(
                backoff = Backoff.Kind.EXPONENTIAL,
                initial = "50ms",
                max = "10m",
                attempts = 8,
                abortOn = FileNotFoundException.class))
    void send(String to, JobContext context, Clock clock) throws IOException {
      if (context.attempt() == 1) {
        throw new IOException("the mail server is away");
      }
      RAN.add(to + " at attempt " + context.attempt() + " in " + clock.getZone());
    }
  }

  // end

  @Test
  void handlersAndWhatStandsAroundThem() throws InterruptedException {
    // begin: around
    Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handlers(new Mails())
            .inject(Clock.class, context -> Clock.systemUTC())
            .interceptor(
                (context, next) -> {
                  // restore a tenant, open a span, measure ...
                  return next.proceed();
                })
            .listener(event -> {}) // each step of each job
            .start();
    // end
    try (jobs) {
      jobs.enqueue(MAIL.onQueue("mails"), "ada");
      assertThat(RAN.poll(10, TimeUnit.SECONDS)).isEqualTo("ada at attempt 2 in Z");
    }
  }

  // begin: progress
  static class Imports {
    @JobHandler(type = "import")
    void load(List<String> rows, JobContext context) {
      for (int i = 0; i < rows.size(); i++) {
        // ... the work; of all this, about one write a second reaches the store ...
        context.progress(i + 1, rows.size(), "at " + rows.get(i));
      }
      context.log().info("{} rows, the last of them {}", rows.size(), rows.get(rows.size() - 1));
    }
  }

  // end

  @Test
  void progressAndLog() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handlers(new Imports())
            .listener(
                event -> {
                  if (event instanceof JobEvent.Succeeded) {
                    done.countDown();
                  }
                })
            .start()) {
      JobId id = jobs.enqueue(JobType.of("import", List.class), List.of("a", "b")).id();
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      // begin: watch
      OptionalInt percent = jobs.progress(id).orElseThrow().percent();
      List<LogLine> lines = jobs.log(id, 0, 100).lines(); // those after line 0, at most 100
      // end
      assertThat(percent).hasValue(100);
      assertThat(lines).extracting(LogLine::text).containsExactly("2 rows, the last of them b");
    }
  }

  @Test
  void retriesInCode() throws InterruptedException {
    // begin: retries
    RetryPolicy policy =
        RetryPolicy.of(5, Backoff.linear(Duration.ofMillis(20), Duration.ofMinutes(1)))
            .withJitter(0.1)
            .withMaxAge(Duration.ofHours(6)) // no further attempt for an older job
            .withRetryOn(Set.of(IOException.class));
    HandlerOptions options = HandlerOptions.defaults().retry(policy);
    // end
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(
                MAIL,
                (to, context) -> {
                  RAN.add(to + " " + context.attempt());
                  throw new IllegalStateException("not an IOException");
                },
                options)
            .start()) {
      jobs.enqueue(MAIL, "once");
      assertThat(RAN.poll(10, TimeUnit.SECONDS)).isEqualTo("once 1");
    }
  }

  @Test
  void callbacks() {
    // begin: callback
    JobType<HttpCallback> callback = JobType.of("http_callback", HttpCallback.class);
    HttpCallbackExecutor executor =
        HttpCallbackExecutor.builder()
            .allow(CallbackTarget.of("https://*.partner.example")) // nothing else is called
            .build();
    Jobs jobs = Jobs.builder().store(InMemoryJobStore.create()).handler(callback, executor).start();
    // end
    jobs.close();
    assertThat(jobs.health().isUp()).isFalse();
  }

  @Test
  void severalStores() {
    InMemoryJobStore audits = InMemoryJobStore.create();
    InMemoryJobStore everythingElse = InMemoryJobStore.create();
    // begin: stores
    Jobs jobs =
        Jobs.builder()
            .store("audits", audits, "audit", "audit-slow") // these queues
            .store(everythingElse) // all others
            .enqueueOnly();
    // end
    jobs.enqueue(JobType.of("audit.write", String.class).onQueue("audit"), "x");
    assertThat(audits.records().count(JobQueue.of("audit"))).hasSize(1);
  }
}
