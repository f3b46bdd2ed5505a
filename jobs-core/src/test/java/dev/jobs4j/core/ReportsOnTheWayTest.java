package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLogger;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.LogOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Progress and log lines from the handler to the store, and to those who look. */
class ReportsOnTheWayTest extends SpeakingJobs {

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
}
