package dev.jobs4j.examples.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.DeadLetterHandler;
import dev.jobs4j.api.DeadLetters;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import dev.jobs4j.api.Obstacle;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Redrive;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.core.testing.JobsTester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How jobs are scheduled, resumed, looked after and tested. */
class OperateTest {

  private static final Logger log = LoggerFactory.getLogger(OperateTest.class);
  private static final JobType<String> REPORT = JobType.of("report", String.class);
  private static final JobType<String> ORDER = JobType.of("order", String.class);

  @Test
  void recurring() {
    // begin: recurring
    RecurringJob<String> nightly =
        RecurringJob.of(
                "nightly-report",
                Schedule.cron("0 2 * * MON-FRI", ZoneId.of("Europe/Berlin")),
                REPORT,
                "sales")
            .misfire(Misfire.RUN_ONCE) // of the firings missed while no engine ran
            .jitter(Duration.ofMinutes(5));
    // end
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(REPORT, (name, context) -> JobOutcome.done())
            .recurring(nightly)
            .start()) {
      assertThat(jobs.schedules().preview("nightly-report", 3)).hasSize(3).isSorted();
    }
  }

  @Test
  void pauses() {
    Instant noon = Instant.now().plus(Duration.ofHours(3));
    try (Jobs jobs = Jobs.builder().store(InMemoryJobStore.create()).enqueueOnly()) {
      // begin: pause
      Operator ada = new Operator("ada", "acme's mail server is down, ticket 43");
      jobs.pauses().pause(Pause.tenant("acme"), ada, noon); // goes on by itself, or without an end
      jobs.enqueue(REPORT.request("for acme").tenant("acme")); // kept, and not started
      List<Pause> pauses = jobs.pauses().list(); // what, who, why, since when, until when
      jobs.pauses().resume(Pause.tenant("acme"));
      // end
      assertThat(pauses).extracting(Pause::by).containsExactly(ada);
      assertThat(jobs.pauses().list()).isEmpty();
    }
  }

  @Test
  void explanations() {
    try (Jobs jobs = Jobs.builder().store(InMemoryJobStore.create()).enqueueOnly()) {
      JobId id =
          jobs.enqueue(REPORT.request("for acme").tenant("acme").delay(Duration.ofHours(1))).id();
      Operator ada = new Operator("ada", "acme's mail server is down, ticket 43");
      jobs.pauses().pause(Pause.tenant("acme"), ada);
      // begin: explain
      Explanation why = jobs.explain(id).orElseThrow();
      for (Obstacle obstacle : why.obstacles()) {
        log.info("{}: {} {}", obstacle.kind(), obstacle.text(), obstacle.until());
      }
      // NOT_DUE: it is not due before 2026-11-22T11:00:00Z Optional[2026-11-22T11:00:00Z]
      // TENANT_PAUSED: TENANT acme is paused by ada since ...: acme's mail server is down, ...
      // NO_NODE: no live node works queue default Optional.empty
      // end
      assertThat(why.obstacles())
          .extracting(Obstacle::kind)
          .containsExactly(Kind.NOT_DUE, Kind.TENANT_PAUSED, Kind.NO_NODE);
      assertThat(why.obstacles().get(1).text())
          .startsWith("TENANT acme is paused by ada since ")
          .endsWith(": acme's mail server is down, ticket 43");
      assertThat(why.obstacles().get(2).text()).isEqualTo("no live node works queue default");
    }
  }

  @Test
  void limits() throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(2);
    JobsBuilder builder =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(ORDER, (order, context) -> ship(order, sent));
    // begin: limits
    JobLimit carrier = JobLimit.running("carrier", 4).rate(10, Duration.ofSeconds(1)).burst(5);
    Jobs jobs = builder.limits(carrier, JobLimit.running("tenant", 1)).start(); // for all nodes
    jobs.enqueue(ORDER.request("o-1").limit("carrier", "dhl").limit("tenant", "acme"));
    jobs.enqueue(ORDER.request("o-2").limit("carrier", "ups").limit("tenant", "acme"));
    jobs.limits().define(carrier.running(8)); // holds everywhere at once
    LimitUse use = jobs.limits().use(new LimitKey("carrier", "dhl")); // running, waiting
    // end
    try (jobs) {
      assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(use.running()).isLessThanOrEqualTo(1);
    }
  }

  private static JobOutcome ship(String order, CountDownLatch sent) {
    sent.countDown();
    return JobOutcome.done();
  }

  @Test
  void fairShare() throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    JobsBuilder builder =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(ORDER, (order, context) -> ship(order, sent));
    // begin: fair-share
    builder.queue(
        "default",
        WorkerOptions.of(20).fairShare(FairShare.equal().weight("gold", 3))); // 3 starts to 1
    // end
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(ORDER.request("o-1").tenant("gold"));
      assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  // begin: steps
  static class Orders {
    final List<String> charged = new ArrayList<>();

    @JobHandler(type = "order", retry = @Retry(attempts = 3, initial = "10s"))
    void fulfil(String order, JobContext context) throws Exception {
      String receipt = context.step("charge", String.class, () -> charge(order));
      if (context.attempt() == 1) {
        throw new IOException("the warehouse is away"); // charged all the same, and only once
      }
      context.step("ship", () -> ship(order, receipt));
    }

    // end
    private String charge(String order) {
      charged.add(order);
      return "receipt of " + order;
    }

    private void ship(String order, String receipt) {
      assertThat(receipt).endsWith(order);
    }
  }

  @Test
  void stepsInTheTestKit() {
    // begin: tester
    Orders orders = new Orders();
    JobsTester tester = JobsTester.of(orders); // the real engine, in made-up time
    tester.client().enqueue(ORDER, "7");
    tester.drain().assertRetried(ORDER, 1);
    tester.advance(Duration.ofMinutes(1)).assertSucceeded(ORDER, 1);
    assertThat(orders.charged).containsExactly("7");

    tester.crashBeforeSettle(ORDER); // as if the process died after the work was done
    tester.client().enqueue(ORDER, "8");
    tester.advance(Duration.ofMinutes(5)).assertSucceeded(ORDER, 2);
    // end
  }

  // begin: dead-letter-handler
  static class Billing {
    final List<String> alerts = new ArrayList<>();

    @JobHandler(type = "bill", retry = @Retry(attempts = 2, initial = "10s"))
    void send(String invoice) throws IOException {
      throw new IOException("the bank is away");
    }

    @DeadLetterHandler("bill") // takes what it needs of payload, letter, failure, reason, id, queue
    void gaveUp(String invoice, Failure last, DeadLetter letter) {
      alerts.add(invoice + " after " + letter.attempt() + " attempts: " + last.message());
    }
  }

  // end

  @Test
  void deadLetterHandlers() {
    Billing billing = new Billing();
    JobsTester tester = JobsTester.of(billing);
    tester.client().enqueue(JobType.of("bill", String.class), "42");
    tester.advance(Duration.ofMinutes(1));
    assertThat(billing.alerts).containsExactly("42 after 2 attempts: the bank is away");
  }

  @Test
  void deadLetters() throws InterruptedException {
    CountDownLatch healed = new CountDownLatch(1);
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .handler(
                REPORT,
                (name, context) -> {
                  if (!name.equals("sales")) {
                    throw new IllegalArgumentException(name);
                  }
                  healed.countDown();
                  return JobOutcome.done();
                },
                HandlerOptions.defaults().retry(RetryPolicy.never()))
            .start()) {
      jobs.enqueue(REPORT, "sails");
      DeadLetters letters = jobs.deadLetters();
      awaitOne(letters);
      // begin: dead-letters
      DeadLetterFilter given = DeadLetterFilter.all().reason(DeadReason.EXHAUSTED);
      DeadLetterGroup worst = letters.groups(given, 10).get(0); // by cause, most letters first

      Operator ada = new Operator("ada", "the name was misspelt, ticket 42");
      DeadLetterFilter cause = DeadLetterFilter.all().fingerprint(worst.fingerprint());
      letters.edit(letters.list(cause, null, 1).get(0).id(), REPORT, "sales", ada);
      Redriven meant = letters.redrive(cause, Redrive.atOnce().asDryRun(), ada); // says which
      Redriven redriven = letters.redrive(cause, Redrive.perSecond(50).limit(1_000), ada);
      // end
      assertThat(redriven.jobs()).hasSize(1).isEqualTo(meant.jobs());
      assertThat(healed.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(letters.audit(null, Long.MAX_VALUE, 10)).hasSize(2);
    }
  }

  @Test
  void keeping() {
    // begin: keeping
    Retention keeping =
        Retention.of(Duration.ofDays(7)) // what succeeded or was cancelled; all else for ever
            .keep(JobState.DEAD, Duration.ofDays(180))
            .keep("payments", JobState.SUCCEEDED, Duration.ofDays(365))
            .keepAttempts(20) // of each job the last 20 that failed
            .keepAudit(Duration.ofDays(730));
    EngineOptions options = EngineOptions.builder().retention(keeping).build();
    // end
    assertThat(options.retention().ageOf(JobQueue.of("payments"), JobState.SUCCEEDED))
        .isEqualTo(Duration.ofDays(365));
  }

  @Test
  void archive(@TempDir Path folder) throws InterruptedException, IOException {
    AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    InMemoryJobStore store = InMemoryJobStore.of(() -> Instant.now().plus(passed.get()));
    LeaseOptions lease = LeaseOptions.defaults().withReapInterval(Duration.ofMillis(10));
    EngineOptions options = EngineOptions.builder().lease(lease).build();
    // begin: archive
    JobsBuilder builder =
        Jobs.builder()
            .store(store)
            .options(options)
            .archive(JsonLinesArchive.in(folder)); // on disk before it is deleted
    // end
    builder
        .handler(REPORT, (name, context) -> JobOutcome.done())
        .ticker(() -> System.nanoTime() + passed.get().toNanos());
    try (Jobs jobs = builder.start()) {
      JobId id = jobs.enqueue(REPORT, "sales").id();
      await(() -> jobs.find(id).orElseThrow().state() == JobState.SUCCEEDED);
      passed.set(Duration.ofDays(8));
      await(() -> jobs.find(id).isEmpty());
      try (Stream<Path> files = Files.list(folder)) {
        Path file = files.filter(f -> f.toString().endsWith(".jsonl")).findFirst().orElseThrow();
        assertThat(Files.readString(file)).contains(id.toString()).endsWith("\n");
      }
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private static void awaitOne(DeadLetters letters) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (letters.list(DeadLetterFilter.all(), null, 1).isEmpty() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
