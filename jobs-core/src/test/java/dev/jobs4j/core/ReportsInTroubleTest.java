package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What handlers say while the store takes no reports, takes some, or keeps none at all. */
class ReportsInTroubleTest extends SpeakingJobs {

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
}
