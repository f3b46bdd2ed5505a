package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says when it cannot start, and where it looks for its settings. */
class StartTest {

  @TempDir Path folder;

  @Test
  void withoutADatabaseItSaysSoAndEndsWithOne() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Files.writeString(
        folder.resolve(".env"), "DB_HOST=127.0.0.1\nDB_PORT=" + port + "\nDB_USER=from_file\n");
    try (WorkerProcess worker =
        WorkerProcess.start(folder, Map.of("DB_NAME", "from_environment"))) {
      assertThat(worker.exitCode()).isEqualTo(1);
      assertThat(worker.log())
          .contains("Failed to connect to database: from_file@127.0.0.1:" + port)
          .contains("/from_environment");
    }
  }

  @Test
  void aWrongSettingIsToldAndEndsWithOne() throws Exception {
    Files.writeString(folder.resolve(".env"), "WORKER_BATCH_SIZE=none\n");
    try (WorkerProcess worker = WorkerProcess.start(folder, Map.of())) {
      assertThat(worker.exitCode()).isEqualTo(1);
      assertThat(worker.log())
          .contains("WORKER_BATCH_SIZE must be a whole number from 1 to 1000, was \"none\"")
          .contains(".env");
    }
  }

  @Test
  void withoutTheTableItNamesTheFileToApply() throws Exception {
    TaskTable bare = TaskTable.bare("bare");
    assertThatThrownBy(() -> AtWorker.start(TestSettings.of(bare.environment())))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("sql/ddl.sql")
        .hasMessageContaining("scheduled_tasks");
    bare.execute("CREATE TABLE scheduled_tasks (id bigint)"); // that of another program
    assertThatThrownBy(() -> AtWorker.start(TestSettings.of(bare.environment())))
        .hasMessageContaining("sql/ddl.sql");
  }

  @Test
  void theDdlAddsWhatATableThatIsThereLacks() throws Exception {
    TaskTable table = TaskTable.bare("older");
    table.execute(
        """
        CREATE TABLE scheduled_tasks (
          id serial PRIMARY KEY, execute_at timestamptz, task_type varchar(50), payload json,
          status varchar(20) DEFAULT 'pending', attempts int DEFAULT 0, max_attempts int DEFAULT 3,
          error_message text, created_at timestamptz DEFAULT now(),
          updated_at timestamptz DEFAULT now(), completed_at timestamptz)
        """);
    long id = table.insert("fax", "{}", 3);
    table.execute(Files.readString(TaskTable.SQL.resolve("ddl.sql")));
    table.execute(Files.readString(TaskTable.SQL.resolve("ddl.sql")));
    try (AtWorker worker = AtWorker.start(TestSettings.of(table.environment()))) {
      Wait.until(
          () -> table.status(id).equals("failed"),
          Duration.ofSeconds(30),
          () -> "the row is looked at");
    }
  }
}
