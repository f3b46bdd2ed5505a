package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three workers in processes of their own, on one database. */
class WorkersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUEUE = "at-worker-three";

  @TempDir Path folder;
  private final Map<Long, String> expected = new TreeMap<>();
  private final Map<Long, String> errors = new TreeMap<>();

  @Test
  void everyRowEndsAsToldAlthoughOneOfThreeIsKilled() throws Exception {
    try (Site site = new Site("three")) {
      site.report(WorkersTest.class);
      site.broker.declare(QUEUE);
      List<WorkerProcess> workers = new ArrayList<>();
      try {
        for (int i = 1; i <= 3; i++) {
          Map<String, String> environment = site.environment("worker-" + i);
          environment.put("WORKER_STUCK_TIMEOUT", "2s");
          workers.add(WorkerProcess.start(folder, environment));
        }
        for (int i = 1; i <= 3; i++) {
          workers
              .get(i - 1)
              .awaitLog("Successfully connected to database")
              .awaitLog("[Cleaner] Started with interval 1s")
              .awaitLog("[Worker worker-" + i + "] Started with polling interval 0.3s");
        }
        long late = insertAll(site);
        int killed = awaitOneThatRuns(site);
        workers.get(killed - 1).kill();
        cutConnections(site);
        long healthy = insert(site, "http_callback", callback(site, "/200/6000", "healthy"));
        awaitEnd(site);
        assertEnds(site);
        assertThat(site.receiver.with("healthy"))
            .as("a long healthy task runs once, though it is in processing for long")
            .hasSize(1);
        assertThat(site.table.row(healthy)).containsEntry("attempts", "0");
        assertThat(site.table.status(late)).isEqualTo("pending");
        assertLogs(workers, killed);
        assertThatTheDiagnosticsAnswer(site);
      } finally {
        workers.forEach(WorkerProcess::close);
        site.broker.delete(QUEUE);
      }
    }
  }

  /** As a restart of the database does, or of what lies in between. */
  private static void cutConnections(Site site) throws Exception {
    site.table.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'at-worker%'");
  }

  private static String callback(Site site, String path, String body) {
    return "{\"url\": \"%s\", \"data\": \"%s\"}".formatted(site.receiver.url(path), body);
  }

  private long insert(Site site, String type, String payload) throws Exception {
    long id = site.table.insert(type, payload, 3);
    expected.put(id, "completed");
    return id;
  }

  private void insertFailing(Site site, String type, String payload, String error)
      throws Exception {
    long id = site.table.insert(type, payload, 2);
    expected.put(id, "failed");
    errors.put(id, error);
  }

  /** One of each kind and more of the slow; the one that is not due. */
  private long insertAll(Site site) throws Exception {
    for (int i = 0; i < 18; i++) {
      insert(site, "http_callback", callback(site, "/200/1500", "slow " + i));
    }
    for (int i = 0; i < 5; i++) {
      insert(
          site,
          "http_callback",
          "{\"url\": \"%s\", \"data\": {\"param1\": \"data%d\"}}"
              .formatted(site.receiver.url("/200"), i));
      insert(site, "rabbitmq", "{\"routing_key\": \"%s\", \"body\": %d}".formatted(QUEUE, i));
      insert(
          site,
          "email",
          "{\"to\": \"ada@example.org\", \"subject\": \"mail %d\", \"text\": \"x\"}".formatted(i));
    }
    insert(site, "http_callback", callback(site, "/flaky", "flaky"));
    insertFailing(site, "http_callback", callback(site, "/503", "never"), "answered 503");
    insertFailing(site, "http_callback", callback(site, "/404", "gone"), "answered 404");
    insertFailing(site, "http_callback", "{\"url\": \"http://x.example/\"}", "url and data");
    insertFailing(site, "http_callback", "\"no object\"", "payload");
    insertFailing(site, "rabbitmq", "{\"routing_key\": \"nobody\", \"body\": 1}", "nobody");
    insertFailing(site, "email", "{\"to\": \"@\", \"text\": \"x\"}", "no address");
    insertFailing(site, "sms", "{}", "unknown task type \"sms\"");
    stuck(site, insert(site, "http_callback", callback(site, "/200", "restored")), 0);
    insertFailing(site, "http_callback", callback(site, "/200", "exhausted"), "stuck");
    stuck(site, ((TreeMap<Long, String>) errors).lastKey(), 1);
    return Long.parseLong(
        site.table.value(
            "INSERT INTO scheduled_tasks (execute_at, task_type, payload) VALUES"
                + " (NOW() + interval '1 day', 'http_callback', '{}') RETURNING id"));
  }

  /** As a worker of another make leaves a row when it dies. */
  private static void stuck(Site site, long id, int attempts) throws Exception {
    site.table.execute(
        "UPDATE scheduled_tasks SET status = 'processing', job_id = NULL, attempts = "
            + (attempts + ", updated_at = NOW() - interval '10 minutes' WHERE id = " + id));
  }

  /** The number of a worker that has something in hand. */
  private static int awaitOneThatRuns(Site site) {
    List<Integer> found = new ArrayList<>();
    Wait.until(
        () -> {
          site.table
              .rows(
                  "SELECT e.name FROM jobs_job j JOIN jobs_engine e ON e.id = j.engine"
                      + " WHERE j.type = 'http_callback' GROUP BY 1 HAVING count(*) > 1")
              .forEach(row -> found.add(Integer.valueOf(row.get("name").substring(7))));
          return !found.isEmpty();
        },
        PATIENCE,
        () -> "a worker that runs something");
    return found.get(0);
  }

  private void awaitEnd(Site site) {
    String open =
        "SELECT count(*) FROM scheduled_tasks"
            + " WHERE status IN ('pending', 'processing') AND execute_at <= now()";
    Wait.until(() -> site.table.value(open).equals("0"), PATIENCE, () -> "the end of all rows");
  }

  private void assertEnds(Site site) throws Exception {
    Map<Long, String> ends = new TreeMap<>();
    for (long id : expected.keySet()) {
      Map<String, String> row = site.table.row(id);
      ends.put(id, row.get("status"));
      if (errors.containsKey(id)) {
        assertThat(row.get("error_message")).contains(errors.get(id));
        assertThat(row).containsEntry("completed_at", "null");
      } else {
        assertThat(row.get("completed_at")).as("%s", row).isNotEqualTo("null");
      }
    }
    assertThat(ends).isEqualTo(expected);
    for (int i = 0; i < 18; i++) {
      assertThat(site.receiver.with("slow " + i)).isNotEmpty();
    }
    assertThat(site.table.value("SELECT count(*) FROM jobs_job WHERE type <> 'cleaner'"))
        .as("no job is left over")
        .isEqualTo("0");
    for (int i = 0; i < 5; i++) {
      assertThat(site.broker.take(QUEUE)).isPresent();
    }
    assertThat(site.mail.waitForIncomingEmail(10_000, 5)).isTrue();
  }

  private static void assertLogs(List<WorkerProcess> workers, int killed) {
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= workers.size(); i++) {
      String log = workers.get(i - 1).log();
      all.append(log);
      if (i != killed) {
        assertThat(log).containsPattern("\\[Worker worker-" + i + "] Found \\d+ tasks to process");
      }
    }
    assertThat(all)
        .containsPattern("\\[Executor] Task \\d+ failed: .*answered 503")
        .containsPattern("\\[Cleaner] Restored stuck task \\d+")
        .containsPattern("\\[Cleaner] Marked task \\d+ as failed");
  }

  private void assertThatTheDiagnosticsAnswer(Site site) throws Exception {
    Map<String, List<Map<String, String>>> answers = new LinkedHashMap<>();
    String file = Files.readString(TaskTable.SQL.resolve("diagnostics.sql"));
    var questions =
        Pattern.compile("(?ms)^-- ([a-z ]+?)(?:[:,].*?)?$\\n(SELECT.*?);").matcher(file);
    while (questions.find()) {
      answers.put(questions.group(1), site.table.rows(questions.group(2)));
    }
    assertThat(answers).hasSize(10);
    long failed = expected.values().stream().filter("failed"::equals).count();
    long completed = expected.size() - failed;
    assertThat(answers.get("version").get(0).get("version")).contains("PostgreSQL");
    assertThat(answers.get("queue")).singleElement().asString().contains("http_callback");
    assertThat(answers.get("locks")).as("nobody holds it now").isNotNull();
    assertThat(answers.get("stuck")).isEmpty();
    assertThat(answers.get("callbacks")).hasSize(5);
    assertThat(answers.get("statuses"))
        .containsExactlyInAnyOrder(
            Map.of("status", "completed", "count", "" + completed),
            Map.of("status", "failed", "count", "" + failed),
            Map.of("status", "pending", "count", "1"));
    assertThat(answers.get("durations")).hasSize(3);
    assertThat(answers.get("durations"))
        .allSatisfy(row -> assertThat(Double.parseDouble(row.get("avg_seconds"))).isPositive());
    assertThat(answers.get("stuck count")).containsExactly(Map.of("count", "0"));
    assertThat(Double.parseDouble(answers.get("success rate").get(0).get("success_rate")))
        .isBetween(
            100.0 * completed / expected.size() - 0.01, 100.0 * completed / expected.size() + 0.01);
    assertThat(answers.get("last chances"))
        .allSatisfy(row -> assertThat(row.get("error_message")).isNotEqualTo("null"))
        .isNotEmpty();
  }
}
