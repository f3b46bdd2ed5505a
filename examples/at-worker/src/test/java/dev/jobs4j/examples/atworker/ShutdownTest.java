package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker in a process of its own that is told to stop. */
class ShutdownTest {

  @TempDir Path folder;

  private static long awaitRunning(Site site, String path) throws Exception {
    String payload = "{\"url\": \"%s\", \"data\": \"in hand\"}".formatted(site.receiver.url(path));
    long id = site.table.insert("http_callback", payload, 3);
    Wait.until(
        () -> !site.receiver.with("in hand").isEmpty(),
        Duration.ofSeconds(30),
        () -> "a callback under way");
    return id;
  }

  @ParameterizedTest
  @CsvSource({"TERM, terminated", "INT, interrupt"})
  void itFinishesWhatItRunsTakesNoMoreAndEndsWithZero(String signal, String name) throws Exception {
    try (Site site = new Site("stop_" + name);
        WorkerProcess worker = WorkerProcess.start(folder, site.environment("worker-1"))) {
      worker.awaitLog("Started with polling interval");
      long running = awaitRunning(site, "/200/2000");
      worker.signal(signal);
      worker.awaitLog("Received signal " + name + ", initiating graceful shutdown...");
      long late = site.table.insert("fax", "{}", 3);
      assertThat(worker.exitCode()).isZero();
      assertThat(site.table.status(running)).isEqualTo("completed");
      assertThat(site.table.status(late)).as("no more are taken").isEqualTo("pending");
      assertThat(site.receiver.with("in hand")).hasSize(1);
      assertThat(
              site.table.value(
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'at-worker%'"))
          .isEqualTo("0");
      assertThat(site.table.value("SELECT count(*) FROM jobs_engine")).isEqualTo("0");
    }
  }

  @Test
  void theSecondSignalDoesNotWaitForWhatRuns() throws Exception {
    try (Site site = new Site("stop_twice");
        WorkerProcess worker = WorkerProcess.start(folder, site.environment("worker-1"))) {
      worker.awaitLog("Started with polling interval");
      long running = awaitRunning(site, "/200/25000/once");
      worker.signal("TERM");
      worker.awaitLog("Received signal terminated");
      worker.signal("TERM");
      assertThat(worker.exitCode()).isEqualTo(1);
      assertThat(site.table.row(running)).containsEntry("attempts", "0");
      assertThat(site.table.status(running)).isIn("pending", "processing");
      try (AtWorker next = site.worker("worker-2")) {
        Wait.until(
            () -> site.receiver.with("in hand").size() == 2,
            Duration.ofSeconds(20),
            () -> "the next worker's turn");
      }
    }
  }
}
