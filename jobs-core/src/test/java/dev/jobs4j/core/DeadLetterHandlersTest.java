package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterHandler;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redrive;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From a job that was given up to the handler that looks after it. */
class DeadLetterHandlersTest {

  record Invoice(int number, @Sensitive String email) {}

  private static final Invoice INVOICE = new Invoice(7, "canary-7f3a@example.org");
  private static final JobType<Invoice> SEND = JobType.of("invoice.send", Invoice.class);
  private static final JobType<String> OTHER = JobType.of("other", String.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

  /** A job that always fails, and who looks after it. */
  class Billing {
    @JobHandler(
        type = "invoice.send",
        aliases = "send_invoice",
        queue = "mail",
        retry = @Retry(attempts = 2, initial = "1ms", jitter = 0))
    void send(Invoice invoice) throws IOException {
      throw new IOException("no route for " + invoice.email());
    }

    @DeadLetterHandler("invoice.send")
    void gaveUp(
        @Nullable Invoice invoice,
        Failure last,
        DeadReason reason,
        JobId id,
        JobQueue queue,
        DeadLetter letter,
        JobContext context,
        Clock clock) {
      assertThat(id).isEqualTo(letter.id()).isNotEqualTo(context.jobId());
      ran.add(
          (invoice == null ? "?" : invoice.number())
              + " "
              + last.message()
              + " "
              + reason
              + " "
              + queue
              + " "
              + letter.attempt()
              + " "
              + clock.getZone());
    }
  }

  private JobsBuilder builder() {
    return builder(store);
  }

  private JobsBuilder builder(JobStore seenAs) {
    return Jobs.builder()
        .store(seenAs)
        .listener(endings)
        .inject(Clock.class, context -> Clock.systemUTC())
        .options(
            EngineOptions.builder()
                .pollInterval(Duration.ofMillis(20))
                .lease(
                    LeaseOptions.of(Duration.ofSeconds(10)).withReapInterval(Duration.ofMillis(20)))
                .build());
  }

  /** Runs jobs of a type, all of which die. */
  private static <P> JobsBuilder dying(JobsBuilder builder, JobType<P> type) {
    return builder.handler(type, (payload, context) -> JobOutcome.reject("no"));
  }

  private String next() throws InterruptedException {
    return String.valueOf(ran.poll(30, TimeUnit.SECONDS));
  }

  private static HandlerOptions once() {
    return HandlerOptions.defaults().retry(RetryPolicy.of(1, Backoff.constant(Duration.ZERO)));
  }

  @Test
  void aMethodIsGivenWhatItAsksFor() throws InterruptedException {
    try (Jobs jobs = builder().handlers(new Billing()).start()) {
      jobs.enqueue(SEND, INVOICE);

      assertThat(next()).isEqualTo("7 no route for *** EXHAUSTED mail 2 Z");
    }
    assertThat(ran).isEmpty();
  }

  @Test
  void anAliasIsLookedAfterByTheHandlerOfItsType() throws InterruptedException {
    try (Jobs jobs = builder().handlers(new Billing()).start()) {
      jobs.enqueue(JobType.of("send_invoice", Invoice.class).onQueue("mail"), INVOICE);

      assertThat(next()).startsWith("7 ");
    }
  }

  @Test
  void ofSeveralTheClosestIsRunAndNoOther() throws InterruptedException {
    JobType<String> third = JobType.of("third", String.class);
    JobType<String> fourth = JobType.of("fourth", String.class);
    JobsBuilder builder =
        dying(dying(dying(builder(), OTHER.onQueue("a")), third.onQueue("a")), fourth)
            .deadLetters(DeadLetterHandling.ofType(OTHER, (p, letter, c) -> ran.add("type " + p)))
            .deadLetters(DeadLetterHandling.inQueue("a", (p, letter, c) -> ran.add("queue " + p)))
            .deadLetters(DeadLetterHandling.ofAll((p, letter, c) -> ran.add("all " + p)));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(OTHER, "1");
      assertThat(next()).isEqualTo("type 1");
      jobs.enqueue(third, "2");
      assertThat(next()).isEqualTo("queue 2");
      jobs.enqueue(fourth, "3");
      assertThat(next()).isEqualTo("all 3");
    }
    assertThat(ran).isEmpty();
  }

  @Test
  void itHasAttemptsOfItsOwn() throws InterruptedException {
    JobsBuilder builder =
        dying(builder(), OTHER)
            .deadLetters(
                DeadLetterHandling.ofType(
                        OTHER,
                        (payload, letter, context) -> {
                          ran.add(payload + " " + context.attempt());
                          if (context.attempt() < 3) {
                            throw new IOException("not yet");
                          }
                        })
                    .retry(RetryPolicy.of(3, Backoff.constant(Duration.ofMillis(1)))));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(OTHER, "p");

      assertThat(List.of(next(), next(), next())).containsExactly("p 1", "p 2", "p 3");
    }
  }

  @Test
  void itsOwnDeathIsALetterThatNobodyIsRunFor() throws InterruptedException {
    JobsBuilder builder =
        dying(builder(), OTHER)
            .deadLetters(
                DeadLetterHandling.ofAll(
                        (payload, letter, context) -> {
                          ran.add(letter.type());
                          throw new IOException("this neither");
                        })
                    .retry(RetryPolicy.never()));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(OTHER, "p");
      assertThat(next()).isEqualTo("other");
      until(() -> jobs.deadLetters().list(DeadLetterFilter.all(), null, 10).size() == 2);
      JobId marker = jobs.enqueue(OTHER, "q").id();
      assertThat(next()).as("the next run is for the next job").isEqualTo("other");
      assertThat(marker).isNotNull();
    }
    assertThat(ran).isEmpty();
  }

  private static void until(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  @Test
  void whatCannotBeReadIsNullAndTheBytesAreThere() throws InterruptedException {
    JobId id = new JobId(UUID.randomUUID());
    byte[] bytes = "{nonsense".getBytes(StandardCharsets.UTF_8);
    store.insert(
        List.of(NewJob.of(id, "invoice.send", JobQueue.of("mail"), new Payload("json", bytes))));
    JobsBuilder builder =
        builder()
            .handler(SEND.onQueue("mail"), (invoice, context) -> null)
            .deadLetters(
                DeadLetterHandling.ofType(
                    SEND,
                    (invoice, letter, context) ->
                        ran.add(
                            invoice
                                + " "
                                + letter.reason()
                                + " "
                                + new String(letter.payload(), StandardCharsets.UTF_8))));
    try (Jobs jobs = builder.start()) {
      assertThat(next()).isEqualTo("null DECODE {nonsense");
    }
  }

  @Test
  void anExpiryIsLookedAfter() throws InterruptedException {
    JobsBuilder builder =
        builder()
            .handler(OTHER, (payload, context) -> null)
            .deadLetters(
                DeadLetterHandling.ofType(
                    OTHER, (payload, letter, context) -> ran.add(payload + " " + letter.reason())));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(
          OTHER.request("late").delay(Duration.ofHours(1)).expireAfter(Duration.ofMillis(30)));

      assertThat(next()).isEqualTo("late EXPIRED");
    }
  }

  @Test
  void aRedrivenLetterThatDiesAgainIsLookedAfterAgain() throws InterruptedException {
    try (Jobs jobs = builder().handlers(new Billing()).start()) {
      JobId id = jobs.enqueue(SEND, INVOICE).id();
      assertThat(next()).startsWith("7 ");
      assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(JobState.DEAD);

      jobs.deadLetters()
          .redrive(
              DeadLetterFilter.all().type("invoice.send"),
              Redrive.atOnce(),
              new Operator("ada", "mended"));

      assertThat(next()).startsWith("7 ");
    }
    assertThat(ran).isEmpty();
  }

  @Test
  void whatIsEncryptedStaysSoAndIsReadForTheHandler() throws InterruptedException {
    StaticKeyProvider keys =
        StaticKeyProvider.create().add("k1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    try (Jobs jobs = builder().handlers(new Billing()).encryption(keys).start()) {
      jobs.enqueue(SEND, INVOICE);
      assertThat(next()).startsWith("7 no route for ***");
      JobId run =
          endings.all().stream()
              .filter(event -> event.job().type().equals("dead-letter:invoice.send"))
              .findFirst()
              .orElseThrow()
              .job()
              .id();
      endings.of(run, JobEvent.Succeeded.class);
      byte[] stored = store.records().content(run).orElseThrow().payload().bytes();
      assertThat(new String(stored, StandardCharsets.UTF_8)).doesNotContain("canary");
    }
  }

  @Test
  void aForgedLetterInClearIsNotRead() throws InterruptedException {
    StaticKeyProvider keys =
        StaticKeyProvider.create().add("k1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    JobId id = new JobId(UUID.randomUUID());
    byte[] clear = "{\"number\":666,\"email\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    store.insert(
        List.of(NewJob.of(id, "invoice.send", JobQueue.of("mail"), new Payload("json", clear))));
    try (Jobs jobs = builder().handlers(new Billing()).encryption(keys).start()) {
      assertThat(next()).startsWith("? ").contains("NOT_AUTHENTIC");
    }
  }

  @Test
  void itsOwnErrorsTellNoSecretOfTheLetter() throws InterruptedException {
    JobsBuilder builder =
        dying(builder(), SEND)
            .deadLetters(
                DeadLetterHandling.ofType(
                        SEND,
                        (invoice, letter, context) -> {
                          ran.add("ran");
                          throw new IOException("cannot tell " + invoice.email());
                        })
                    .retry(RetryPolicy.never()));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(SEND, INVOICE);
      next();
      DeadLetterFilter runs = DeadLetterFilter.all().type("dead-letter:invoice.send");
      until(() -> !jobs.deadLetters().list(runs, null, 10).isEmpty());
      DeadLetter run = jobs.deadLetters().list(runs, null, 10).get(0);
      assertThat(run.failure().message()).isEqualTo("cannot tell ***");
      assertThat(jobs.maskedPayload(run)).doesNotContain("canary");
    }
  }

  @Test
  void interceptorsStandAroundItAndSeeTheLetter() throws InterruptedException {
    JobsBuilder builder =
        dying(builder(), OTHER)
            .interceptor(
                (context, call) -> {
                  if (call.payload() instanceof DeadLetter letter) {
                    ran.add("around " + letter.type());
                  }
                  return call.proceed();
                })
            .deadLetters(DeadLetterHandling.ofAll((p, letter, context) -> ran.add("in")));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(OTHER, "p");
      assertThat(List.of(next(), next())).containsExactly("around other", "in");
    }
  }

  @Test
  void handlersForLettersAreNotJobsThatOneEnqueues() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .handler(OTHER, (payload, context) -> null, once())
            .deadLetters(DeadLetterHandling.ofAll((p, letter, context) -> ran.add("ran")))
            .start()) {
      JobType<String> forged = JobType.of("dead-letter", String.class);
      JobId id = jobs.enqueue(forged, "no letter").id();

      assertThat(endings.of(id, JobEvent.Died.class).reason()).isEqualTo(DeadReason.DECODE);
    }
    assertThat(ran).isEmpty();
  }
}
