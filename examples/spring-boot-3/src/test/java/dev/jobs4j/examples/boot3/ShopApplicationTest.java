package dev.jobs4j.examples.boot3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The application as it is started by its users, with a web server and a database. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShopApplicationTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Autowired private Confirmations confirmations;
  @Autowired private JdbcClient jdbc;

  @Value("${local.server.port}")
  private int port;

  private HttpResponse<String> order(String customer, long cents) throws Exception {
    return send(
        request("/orders?customer=" + customer + "&cents=" + cents)
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - start < 20_000_000_000L) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void thisIsSpringBoot3() {
    assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
  }

  @Test
  void anOrderThatIsTakenIsConfirmed() throws Exception {
    assertThat(order("ann", 900).statusCode()).isEqualTo(201);
    await(() -> confirmations.written().toString().contains("ann"));
    assertThat(confirmations.written()).anyMatch(text -> text.startsWith("Dear ann, we got"));
  }

  @Test
  void anOrderThatIsRefusedLeavesNoJob() throws Exception {
    int before = jobs("bob");
    assertThat(order("bob", Orders.CREDIT + 1).statusCode()).isEqualTo(402);
    assertThat(jdbc.sql("SELECT * FROM orders WHERE customer = 'bob'").query().listOfRows())
        .isEmpty();
    assertThat(jobs("bob")).isEqualTo(before).isZero();

    assertThat(order("carl", 1).statusCode()).isEqualTo(201); // so the look would have seen one
    assertThat(jobs("carl")).isOne();
  }

  private int jobs(String customer) {
    return jdbc.sql(
            "SELECT (SELECT count(*) FROM jobs_job WHERE utf8tostring(payload) LIKE :c)"
                + " + (SELECT count(*) FROM jobs_history WHERE utf8tostring(payload) LIKE :c)")
        .param("c", "%" + customer + "%")
        .query(Integer.class)
        .single();
  }

  @Test
  void healthTellsOfTheWorker() throws Exception {
    HttpResponse<String> health = send(request("/actuator/health"));
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body())
        .contains("\"jobs\":{\"status\":\"UP\",\"details\":{\"worker\":\"running\"}}");
  }

  @Test
  void metricsTellOfTheJobs() throws Exception {
    order("dora", 900);
    await(() -> confirmations.written().toString().contains("dora"));
    HttpResponse<String> metric =
        send(
            request("/actuator/metrics/jobs.process?tag=type:order.confirm&tag=outcome:succeeded"));
    assertThat(metric.statusCode()).isEqualTo(200);
    assertThat(metric.body()).contains("\"statistic\":\"COUNT\"");
  }

  static final JobType<String> SLOW = JobType.of("slow", String.class);

  static class Slow {
    final CountDownLatch begun = new CountDownLatch(1);

    @JobHandler(type = "slow")
    void work(String what, JobContext context) throws InterruptedException {
      begun.countDown();
      TimeUnit.MILLISECONDS.sleep(500);
      context.throwIfCancelled();
    }
  }

  @Test
  void closingTheApplicationLetsARunningJobFinish() throws Exception {
    String url = "jdbc:h2:mem:closing;DB_CLOSE_DELAY=-1";
    ConfigurableApplicationContext application =
        new SpringApplicationBuilder(ShopApplication.class, Slow.class)
            .run("--server.port=0", "--spring.datasource.url=" + url);
    JobId id = application.getBean(JobClient.class).enqueue(SLOW, "x").id();
    assertThat(application.getBean(Slow.class).begun.await(10, TimeUnit.SECONDS)).isTrue();
    application.close();

    try (JdbcJobStore store = JdbcJobStore.of(new DriverManagerDataSource(url, "sa", ""))) {
      assertThat(store.records().find(id))
          .get()
          .extracting(j -> j.state())
          .isEqualTo(JobState.SUCCEEDED);
    }
  }
}
