package dev.jobs4j.examples.atworker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMailUtil;
import com.rabbitmq.client.GetResponse;
import dev.jobs4j.examples.atworker.Receiver.Received;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of rows of each type, by one worker. */
class TaskTypesTest {

  private static final String QUEUE = "at-worker-types";
  private static final String OTHER = "at-worker-other-types";

  private static Site site;
  private static AtWorker worker;

  @BeforeAll
  static void start() throws Exception {
    site = new Site("types");
    site.report(TaskTypesTest.class);
    site.broker.declare(QUEUE);
    site.broker.declare(OTHER);
    worker = site.worker("worker-1");
  }

  @AfterAll
  static void stop() throws Exception {
    worker.close();
    site.broker.delete(QUEUE);
    site.broker.delete(OTHER);
    site.close();
  }

  private static String callback(String path, String data) {
    return "{\"url\": \"%s\", \"data\": %s}".formatted(site.receiver.url(path), data);
  }

  private static Map<String, String> completed(String type, String payload) throws Exception {
    return site.awaitStatus(site.table.insert(type, payload, 3), "completed");
  }

  private static Map<String, String> failed(String type, String payload, int attempts)
      throws Exception {
    return site.awaitStatus(site.table.insert(type, payload, attempts), "failed");
  }

  @Test
  void anObjectIsPostedAsJsonToTheLastDigit() throws Exception {
    Map<String, String> row = completed("http_callback", callback("/200", "{\"sum\": 12.50}"));
    assertThat(row).containsEntry("attempts", "0").containsEntry("error_message", "null");
    assertThat(row.get("completed_at")).isNotEqualTo("null");
    assertThat(row).containsEntry("job_id", "null");
    Received received = site.receiver.with("{\"sum\":12.50}").get(0);
    assertThat(received.contentType()).isEqualTo("application/json");
  }

  @Test
  void aStringIsPostedAsItIs() throws Exception {
    completed("http_callback", callback("/200", "\"{\\\"raw\\\" :  true}\""));
    assertThat(site.receiver.with("{\"raw\" :  true}")).hasSize(1);
  }

  @Test
  void whatFailsIsTriedAgainAndItsRowTellsSo() throws Exception {
    long id = site.table.insert("http_callback", callback("/flaky", "\"flaky\""), 3);
    Map<String, String> row = site.awaitStatus(id, "completed");
    assertThat(row).containsEntry("attempts", "1").containsEntry("error_message", "null");
    assertThat(site.receiver.with("flaky")).extracting(Received::attempt).containsExactly(1, 2);
    assertThat(site.receiver.with("flaky"))
        .extracting(Received::job)
        .hasSize(2)
        .allMatch(site.receiver.with("flaky").get(0).job()::equals);
  }

  @Test
  void afterItsLastAttemptARowHasFailed() throws Exception {
    Map<String, String> row = failed("http_callback", callback("/500", "\"never\""), 2);
    assertThat(row).containsEntry("attempts", "2").containsEntry("completed_at", "null");
    assertThat(row.get("error_message")).contains("answered 500");
    assertThat(site.receiver.with("never")).hasSize(2);
  }

  @Test
  void betweenTwoAttemptsARowIsPendingWithItsError() throws Exception {
    try (Site slow = new Site("retries")) {
      Map<String, String> environment = slow.environment("worker-1");
      environment.put("WORKER_POLLING_INTERVAL", "100s"); // and so is the first backoff
      String payload = "{\"url\": \"%s\", \"data\": \"x\"}".formatted(slow.receiver.url("/500"));
      long id = slow.table.insert("http_callback", payload, 3);
      try (AtWorker any = AtWorker.start(TestSettings.of(environment))) {
        Wait.until(
            () -> slow.table.row(id).get("attempts").equals("1"),
            Duration.ofSeconds(30),
            () -> "a first attempt");
        Map<String, String> row = slow.table.row(id);
        assertThat(row).containsEntry("status", "pending");
        assertThat(row.get("error_message")).contains("answered 500");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http_callback | {\"data\": {\"a\": 1}} | must have the fields url and data",
        "http_callback | {\"url\": \"http://hooks.example.com/\"} | must have the fields url and data",
        "http_callback | {\"url\": \"http://10.0.0.1/\", \"data\": 1} | no target allows",
        "http_callback | {\"url\": \"ftp://files.example.com/\", \"data\": 1} | was not called",
        "http_callback | [1, 2] | payload",
        "http_callback | null | payload is null",
        "rabbitmq | {\"body\": 1} | must have an exchange or a routing_key",
        "rabbitmq | {\"routing_key\": \"x\"} | must have the field body",
        "email | {\"to\": \"ada@example.org\"} | must have the fields to and text",
        "email | {\"to\": \"no address\", \"text\": \"x\"} | is no address",
        "email | {\"to\": \"a@b.example\", \"subject\": \"a\\nBcc: c@d.example\", \"text\": \"x\"} | one line",
        "fax | {} | unknown task type \"fax\", there are [http_callback, rabbitmq, email]",
        "cleaner | \"\" | unknown task type"
      })
  void whatCanNeverSucceedFailsAtOnceAndSaysWhy(String type, String payload, String why)
      throws Exception {
    Map<String, String> row = failed(type, payload, 5);
    assertThat(row.get("error_message")).contains(why);
    assertThat(Integer.parseInt(row.get("attempts"))).isLessThanOrEqualTo(1);
  }

  @Test
  void aPayloadThatIsTooLargeFailsAndHoldsUpNoOther() throws Exception {
    String large = callback("/200", "\"" + "x".repeat(1 << 20) + "\"");
    long id = site.table.insert("http_callback", large, 3);
    completed("http_callback", callback("/200", "\"after it\""));
    assertThat(site.awaitStatus(id, "failed").get("error_message")).contains("payload");
  }

  @Test
  void aMessageIsPublishedWithItsJobsId() throws Exception {
    completed(
        "rabbitmq",
        """
        {"routing_key": "%s", "headers": {"tenant": "acme"}, "body": {"sum": 12.50}}"""
            .formatted(QUEUE));
    GetResponse message = site.broker.take(QUEUE).orElseThrow();
    assertThat(new String(message.getBody(), UTF_8)).isEqualTo("{\"sum\":12.50}");
    assertThat(message.getProps().getContentType()).isEqualTo("application/json");
    assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
    assertThat(message.getProps().getHeaders().get("tenant")).hasToString("acme");
    assertThat(message.getProps().getMessageId()).hasSize(36);
  }

  @Test
  void aMessageThatNoQueueTakesIsAFailure() throws Exception {
    String lost = "{\"exchange\": \"%s\", \"routing_key\": \"nobody\", \"body\": 1}";
    Map<String, String> row = failed("rabbitmq", lost.formatted("amq.direct"), 1);
    assertThat(row.get("error_message")).contains("amq.direct").contains("nobody");
    row = failed("rabbitmq", lost.formatted("at-worker-no-exchange"), 1);
    assertThat(row.get("error_message")).contains("at-worker-no-exchange");
    completed("rabbitmq", "{\"routing_key\": \"%s\", \"body\": \"goes on\"}".formatted(OTHER));
  }

  @Test
  void aMailIsSentWithItsJobsId() throws Exception {
    completed(
        "email",
        """
        {"to": ["ada@example.org", "bob@example.org"], "subject": "Привет", "text": "Grüße"}""");
    assertThat(site.mail.waitForIncomingEmail(10_000, 2)).isTrue();
    MimeMessage mail = site.mail.getReceivedMessages()[0];
    assertThat(mail.getSubject()).isEqualTo("Привет");
    assertThat(mail.getContent().toString().strip()).isEqualTo("Grüße");
    assertThat(mail.getMessageID()).matches("<[0-9a-f-]{36}@at-worker>");
    assertThat(GreenMailUtil.getAddressList(mail.getFrom())).isEqualTo("at-worker@localhost");
    completed(
        "email", "{\"to\": \"eve@example.org\", \"subject\": \"x\", \"html\": \"<b>Hi</b>\"}");
    assertThat(site.mail.waitForIncomingEmail(10_000, 3)).isTrue();
    assertThat(site.mail.getReceivedMessages()[2].getContentType()).startsWith("text/html");
  }

  @Test
  void whoHasAUserLogsIn() throws Exception {
    try (Site guarded = new Site("login")) {
      guarded.mail.setUser("worker@example.org", "worker", "right");
      guarded.mail.getUserManager().setAuthRequired(true);
      Map<String, String> environment = guarded.environment("worker-1");
      environment.put("SMTP_USER", "worker");
      environment.put("SMTP_PASSWORD", "right");
      String payload = "{\"to\": \"ada@example.org\", \"text\": \"x\"}";
      try (AtWorker any = AtWorker.start(TestSettings.of(environment))) {
        guarded.awaitStatus(guarded.table.insert("email", payload, 1), "completed");
      }
      environment.put("SMTP_PASSWORD", "wrong");
      try (AtWorker any = AtWorker.start(TestSettings.of(environment))) {
        long id = guarded.table.insert("email", payload, 1);
        assertThat(guarded.awaitStatus(id, "failed").get("error_message")).contains("535");
      }
    }
  }

  @Test
  void aRowIsLeftAloneUntilItIsDue() throws Exception {
    String later =
        site.table.value(
            "INSERT INTO scheduled_tasks (execute_at, task_type, payload) VALUES"
                + " (NOW() + interval '1 hour', 'http_callback', '%s') RETURNING id"
                    .formatted(callback("/200", "\"later\"")));
    completed("http_callback", callback("/200", "\"now\""));
    assertThat(site.table.status(Long.parseLong(later))).isEqualTo("pending");
    site.table.execute("UPDATE scheduled_tasks SET execute_at = NOW() WHERE id = " + later);
    site.awaitStatus(Long.parseLong(later), "completed");
  }

  @Test
  void aFailedRowThatIsSetToPendingRunsAgain() throws Exception {
    long id = Long.parseLong(failed("fax", callback("/200", "\"again\""), 1).get("id"));
    site.table.execute(
        "UPDATE scheduled_tasks SET status = 'pending', task_type = 'http_callback' WHERE id = "
            + id);
    site.awaitStatus(id, "completed");
    assertThat(site.receiver.with("again")).hasSize(1);
  }

  /** A worker whose tasks and callbacks may take no longer than this. */
  private static AtWorker impatient(Site place, Duration task, Duration http) {
    Settings all = TestSettings.of(place.environment("worker-1"));
    Settings.Worker usual = all.worker();
    Settings.Worker worker =
        new Settings.Worker(
            usual.id(),
            usual.pollingInterval(),
            usual.batchSize(),
            usual.cleanerInterval(),
            usual.stuckTimeout(),
            task,
            http);
    return AtWorker.start(
        new Settings(
            all.database(), worker, all.targets(), all.amqpUrl(), all.mail(), all.engine()));
  }

  @Test
  void aTaskAndACallbackThatTakeTooLongHaveFailed() throws Exception {
    try (Site slow = new Site("slow")) {
      String payload =
          "{\"url\": \"%s\", \"data\": \"x\"}".formatted(slow.receiver.url("/200/20000"));
      try (AtWorker any = impatient(slow, Duration.ofSeconds(2), Duration.ofSeconds(30))) {
        long once = slow.table.insert("http_callback", payload, 1);
        long again = slow.table.insert("http_callback", payload, 2);
        Wait.until(
            () -> "timed out after 2 s".equals(slow.table.row(again).get("error_message")),
            Duration.ofSeconds(30),
            () -> "a first attempt that timed out");
        assertThat(slow.table.row(again)).containsEntry("attempts", "1");
        assertThat(slow.awaitStatus(once, "failed").get("error_message")).contains("PT2S");
        slow.awaitStatus(again, "failed");
      }
      try (AtWorker any = impatient(slow, Duration.ofMinutes(5), Duration.ofMillis(500))) {
        long id = slow.table.insert("http_callback", payload, 1);
        assertThat(slow.awaitStatus(id, "failed").get("error_message")).contains("failed after");
      }
    }
  }
}
