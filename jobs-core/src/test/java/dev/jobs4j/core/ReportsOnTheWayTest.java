package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLogger;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Progress and log lines from the handler to the store, and to those who look. */
class ReportsOnTheWayTest {

  record Mail(@Sensitive String to, int size) {}

  private static final String CANARY = "canary-7f3a@example.org";
  private static final JobType<Mail> SEND = JobType.of("mail.send", Mail.class);
  private static final Mail MAIL = new Mail(CANARY, 3);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final ListAppender<ILoggingEvent> printed = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.jobs4j");
  private final Level before = root.getLevel();

  @BeforeEach
  void listen() {
    root.setLevel(Level.DEBUG);
    printed.list = new CopyOnWriteArrayList<>();
    printed.start();
    root.addAppender(printed);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(printed);
    root.setLevel(before);
  }

  private JobsBuilder builder(JobStore seenAs, JobExecutor<Mail> handler) {
    return Jobs.builder()
        .store(seenAs)
        .listener(endings)
        .handler(
            SEND,
            handler,
            HandlerOptions.defaults()
                .retry(RetryPolicy.of(3, Backoff.constant(Duration.ofMillis(1)))));
  }

  private interface Saying {
    void say(JobContext context) throws Exception;
  }

  /** Runs one job that succeeds; the answer is what the store then knows. */
  private JobId run(Saying saying) throws InterruptedException {
    return run(store, EngineOptions.defaults(), saying);
  }

  private JobId run(JobStore seenAs, EngineOptions options, Saying saying)
      throws InterruptedException {
    JobExecutor<Mail> handler =
        (mail, context) -> {
          saying.say(context);
          return null;
        };
    try (Jobs jobs = builder(seenAs, handler).options(options).start()) {
      JobId id = jobs.enqueue(SEND, MAIL).id();
      endings.of(id, JobEvent.Succeeded.class);
      return id;
    }
  }

  private LogPage log(JobId id) {
    return store.records().log(id, 0, 10_000);
  }

  private List<String> texts(JobId id) {
    return log(id).lines().stream().map(LogLine::text).toList();
  }

  private List<ILoggingEvent> printed(String logger) {
    return printed.list.stream().filter(e -> e.getLoggerName().equals(logger)).toList();
  }

  private List<ILoggingEvent> warnings(String text) {
    return printed.list.stream()
        .filter(e -> e.getLevel() == Level.WARN && e.getFormattedMessage().contains(text))
        .toList();
  }

  @Test
  void whatWasSaidLastIsThereWhenTheJobHasEnded() throws InterruptedException {
    JobId id =
        run(
            context -> {
              context.progress(1, 4);
              context.log().info("page {} of {}", 1, 4);
              context.log().warn("slow");
              context.progress(4, 4, "sent");
              context.log().error("bad address {}", "x", new IOException("no route"));
            });

    Progress progress = store.records().progress(id).orElseThrow();
    assertThat(progress.done()).isEqualTo(4);
    assertThat(progress.message()).isEqualTo("sent");
    assertThat(progress.percent()).hasValue(100);
    assertThat(log(id).lines())
        .extracting(LogLine::level)
        .containsExactly(LogLine.Level.INFO, LogLine.Level.WARN, LogLine.Level.ERROR);
    assertThat(texts(id))
        .containsExactly("page 1 of 4", "slow", "bad address x: java.io.IOException: no route");
  }

  @Test
  void aRunningJobCanBeWatched() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    JobExecutor<Mail> handler =
        (mail, context) -> {
          context.progress(1, 2, "half");
          context.log().info("half of it");
          seen.await();
          return null;
        };
    try (Jobs jobs = builder(store, handler).start()) {
      JobId id = jobs.enqueue(SEND, MAIL).id();
      until(() -> !jobs.log(id, 0, 10).lines().isEmpty());
      assertThat(jobs.progress(id).orElseThrow().percent()).hasValue(50);
      assertThat(jobs.log(id, 0, 10).lines().get(0).text()).isEqualTo("half of it");
      assertThat(jobs.log(id, 1, 10).lines()).isEmpty();
      assertThatThrownBy(() -> jobs.log(id, 0, 0))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("limit >= 1");
      seen.countDown();
    }
  }

  private static void until(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  @Test
  void manyCallsAreFewWrites() throws InterruptedException {
    AtomicInteger writes = new AtomicInteger();
    JobId id =
        run(
            withReports(
                (good, reports, keep, patient) -> {
                  writes.incrementAndGet();
                  return good.report(reports, keep, patient);
                }),
            EngineOptions.defaults(),
            context -> {
              for (int i = 1; i <= 500; i++) {
                context.progress(i, 500);
                context.log().info("page {}", i);
                LockSupport.parkNanos(1_000_000); // so that a writer would have the time
              }
            });

    assertThat(texts(id)).hasSize(500);
    assertThat(store.records().progress(id).orElseThrow().done()).isEqualTo(500);
    assertThat(writes.get()).isBetween(1, 10);
  }

  @Test
  void linesOfAllAttemptsFollowEachOther() throws InterruptedException {
    JobExecutor<Mail> handler =
        (mail, context) -> {
          context.log().info("attempt {}", context.attempt());
          if (context.attempt() < 3) {
            throw new IOException("again");
          }
          return null;
        };
    try (Jobs jobs = builder(store, handler).start()) {
      JobId id = jobs.enqueue(SEND, MAIL).id();
      endings.of(id, JobEvent.Succeeded.class);

      assertThat(texts(id)).containsExactly("attempt 1", "attempt 2", "attempt 3");
      assertThat(log(id).lines()).extracting(LogLine::attempt).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aRerunBeginsWithoutWhatWasSaid() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    JobExecutor<Mail> handler =
        (mail, context) -> {
          if (runs.incrementAndGet() == 1) {
            context.progress(1, 1);
            context.log().info("first");
          }
          return null;
        };
    try (Jobs jobs = builder(store, handler).start()) {
      JobId id = jobs.enqueue(SEND, MAIL).id();
      endings.of(id, JobEvent.Succeeded.class);
      JobId again = jobs.rerun(id);
      endings.of(again, JobEvent.Succeeded.class);

      assertThat(jobs.progress(again)).isEmpty();
      assertThat(jobs.log(again, 0, 10)).isEqualTo(LogPage.EMPTY);
    }
  }

  @Test
  void ofManyLinesTheNewestStayAndTheOthersAreCounted() throws InterruptedException {
    EngineOptions options =
        EngineOptions.builder().log(LogOptions.defaults().withMaxLines(5)).build();
    AtomicInteger most = new AtomicInteger();
    JobId id =
        run(
            withReports(
                (good, reports, keep, patient) -> {
                  reports.forEach(r -> most.accumulateAndGet(r.lines().size(), Math::max));
                  return good.report(reports, keep, patient);
                }),
            options,
            context -> {
              for (int i = 1; i <= 20_000; i++) {
                context.log().info("page {}", i);
              }
            });

    assertThat(texts(id))
        .containsExactly("page 19996", "page 19997", "page 19998", "page 19999", "page 20000");
    assertThat(log(id).dropped()).isEqualTo(19_995);
    assertThat(most).as("lines that are held in memory").hasValue(5);
  }

  @Test
  void aLineCannotForgeAnother() throws InterruptedException {
    JobId id =
        run(
            context -> {
              context.log().info("a\r\nERROR forged\u2028\u0000\u001b[31m\u202etxt.exe");
              context.progress(1, 2, "b\nc");
            });

    assertThat(texts(id)).containsExactly("a  ERROR forged   [31m txt.exe");
    assertThat(store.records().progress(id).orElseThrow().message()).isEqualTo("b c");
    assertThat(printed("dev.jobs4j.job.mail.send").get(0).getFormattedMessage())
        .isEqualTo("a  ERROR forged   [31m txt.exe");
  }

  @Test
  void aLongLineIsCutAndNoCharacterWithIt() throws InterruptedException {
    EngineOptions options =
        EngineOptions.builder().log(LogOptions.defaults().withMaxLength(20)).build();
    JobId id = run(store, options, context -> context.log().info("\ud83d\ude80".repeat(50)));

    assertThat(texts(id)).containsExactly("\ud83d\ude80".repeat(20));
  }

  @Test
  void sensitiveValuesStayMasked() throws InterruptedException {
    JobId id =
        run(
            context -> {
              context.log().info("to {}", CANARY);
              context.log().error("refused", new IOException("no such user " + CANARY));
              context.log().info("x".repeat(1_990) + CANARY);
              context.progress(1, 2, "at " + CANARY);
            });

    assertThat(texts(id))
        .containsExactly(
            "to ***", "refused: java.io.IOException: no such user ***", "x".repeat(1_990) + "***");
    assertThat(store.records().progress(id).orElseThrow().message()).isEqualTo("at ***");
    assertThat(printed.list.toString()).doesNotContain("canary");
  }

  @Test
  void argumentsThatCannotBePrintedAreNotTheHandlersTrouble() throws InterruptedException {
    Object bad =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no");
          }
        };
    IOException worse =
        new IOException() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("no");
          }
        };
    JobId id =
        run(
            context -> {
              context.log().info("bad {}", bad);
              context.log().info("worse", worse);
              context.log().info(null, (Object[]) null);
            });

    assertThat(texts(id)).hasSize(3);
    assertThat(texts(id).get(0)).startsWith("bad ");
    assertThat(texts(id).get(1)).startsWith("A line could not be made of its arguments");
  }

  @Test
  void negativeNumbersAreRefused() throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    run(
        context -> {
          try {
            context.progress(-1, 2);
          } catch (InvalidJobException e) {
            thrown.set(e);
          }
        });

    assertThat(thrown.get()).hasMessageContaining("must be >= 0, were -1 and 2");
  }

  @Test
  void everyLineGoesToTheApplicationsLogAsWell() throws InterruptedException {
    run(
        context -> {
          context.log().warn("slow {}", 7);
          context.progress(1, 2, "half");
        });

    List<ILoggingEvent> events = printed("dev.jobs4j.job.mail.send");
    assertThat(events).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.DEBUG);
    assertThat(events.get(0).getFormattedMessage()).isEqualTo("slow 7");
    assertThat(events.get(0).getMDCPropertyMap()).containsEntry("job.type", "mail.send");
    assertThat(events.get(1).getFormattedMessage()).contains("done=1 total=2 half");
  }

  @Test
  void withoutNotesItGoesThereAlone() throws InterruptedException {
    JobId id =
        run(
            OtherNotes.of(store, Optional.empty()),
            EngineOptions.defaults(),
            context -> {
              context.log().info("hello");
              context.progress(1, 2);
            });

    assertThat(printed("dev.jobs4j.job.mail.send")).hasSize(2);
    assertThat(log(id)).isEqualTo(LogPage.EMPTY);
    assertThat(store.records().progress(id)).isEmpty();
  }

  @Test
  void aStoreThatTakesNoReportsFailsNobodyAndIsToldOnce() throws InterruptedException {
    JobStore failing =
        withReports(
            (good, reports, keep, patient) -> {
              throw new StoreException("down", Certainty.NOT_DONE, new IOException("down"));
            });
    JobExecutor<Mail> handler =
        (mail, context) -> {
          context.log().info("a");
          context.log().info("b");
          return null;
        };
    try (Jobs jobs = builder(failing, handler).start()) {
      for (int i = 0; i < 5; i++) {
        endings.of(jobs.enqueue(SEND, MAIL).id(), JobEvent.Succeeded.class);
      }
    }

    assertThat(warnings("could not be written, it is tried again")).hasSize(1);
    assertThat(warnings("are lost")).hasSize(5);
    assertThat(warnings("are lost").get(0).getFormattedMessage()).contains("lines=2");
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenLater() throws InterruptedException {
    AtomicInteger writes = new AtomicInteger();
    CountDownLatch back = new CountDownLatch(1);
    JobStore shaky =
        withReports(
            (good, reports, keep, patient) -> {
              if (writes.incrementAndGet() == 1) {
                throw new StoreException("cut", Certainty.UNKNOWN, new IOException("cut"));
              }
              Set<TokenLease> written = good.report(reports, keep, patient);
              back.countDown();
              return written;
            });
    JobId id =
        run(
            shaky,
            EngineOptions.defaults(),
            context -> {
              context.progress(1, 2);
              context.log().info("a");
              back.await();
              context.log().info("b");
            });

    assertThat(texts(id)).containsExactly("a", "b");
    assertThat(store.records().progress(id)).isPresent();
    assertThat(warnings("are lost")).isEmpty();
  }

  @Test
  void whatIsSaidWhileAWriteIsUnderWayIsNotLost() throws InterruptedException {
    AtomicReference<JobContext> running = new AtomicReference<>();
    CountDownLatch written = new CountDownLatch(1);
    JobStore busy =
        withReports(
            (good, reports, keep, patient) -> {
              if (written.getCount() > 0) {
                running.get().log().info("meanwhile");
                running.get().progress(2, 2);
              }
              Set<TokenLease> all = good.report(reports, keep, patient);
              written.countDown();
              return all;
            });
    JobId id =
        run(
            busy,
            EngineOptions.defaults(),
            context -> {
              running.set(context);
              context.progress(1, 2);
              context.log().info("before");
              written.await();
            });

    assertThat(texts(id)).containsExactly("before", "meanwhile");
    assertThat(store.records().progress(id).orElseThrow().done()).isEqualTo(2);
  }

  @Test
  void aHandlerThatSpeaksAfterItsEndIsNotKept() throws InterruptedException {
    AtomicReference<JobLogger> late = new AtomicReference<>();
    JobId id =
        run(
            context -> {
              context.log().info("in time");
              late.set(context.log());
            });
    late.get().info("too late");

    assertThat(texts(id)).containsExactly("in time");
    assertThat(printed("dev.jobs4j.job.mail.send")).hasSize(2);
  }

  private interface Reporting {
    Set<TokenLease> report(JobNotes good, List<Report> reports, int keep, boolean patient);
  }

  private JobStore withReports(Reporting reporting) {
    JobNotes good = store.notes().orElseThrow();
    return OtherNotes.of(
        store,
        Optional.of(
            new JobNotes() {
              @Override
              public Optional<KeptStep> step(JobId job, String name) {
                return good.step(job, name);
              }

              @Override
              public boolean keep(TokenLease lease, KeptStep step) {
                return good.keep(lease, step);
              }

              @Override
              public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
                return reporting.report(good, reports, keep, patient);
              }
            }));
  }
}
