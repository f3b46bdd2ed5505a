package dev.jobs4j.examples.boot4;

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
import java.util.concurrent.atomic.AtomicReference;
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
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The application as it is started by its users, with a web server and a database. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class AccountsApplicationTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Autowired private Accounts accounts;
  @Autowired private JdbcClient jdbc;
  @Autowired private JobClient client;
  @Autowired private TransactionTemplate transactions;

  @Value("${local.server.port}")
  private int port;

  private HttpResponse<String> open(String name) throws Exception {
    return send(
        request("/accounts?email=" + name + "@example.org")
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private boolean isWelcomed(String name) {
    return accounts.findByEmail(name + "@example.org").filter(Account::isWelcomed).isPresent();
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
  void thisIsSpringBoot4() {
    assertThat(SpringBootVersion.getVersion()).startsWith("4.1.");
  }

  @Test
  void anAccountThatIsOpenedIsWelcomed() throws Exception {
    assertThat(open("ann").statusCode()).isEqualTo(201);
    await(() -> isWelcomed("ann"));
    assertThat(isWelcomed("ann")).isTrue();
  }

  @Test
  void anAccountThatFailsAsItIsCommittedLeavesNoJob() throws Exception {
    assertThat(open("bob").statusCode()).isEqualTo(201);
    assertThat(jobs("bob")).isOne();
    assertThat(open("bob").statusCode()).isEqualTo(409);
    assertThat(jobs("bob")).as("jobs of both calls").isOne();
  }

  @Test
  void aJobEnqueuedAfterTheCommitIsThere() {
    AtomicReference<JobId> id = new AtomicReference<>();
    transactions.executeWithoutResult(
        tx -> {
          accounts.save(new Account("eve@example.org"));
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                  id.set(client.enqueue(SLOW, "x").id());
                }
              });
        });
    assertThat(client.find(id.get())).isPresent();
  }

  private int jobs(String name) {
    return jdbc.sql(
            "SELECT (SELECT count(*) FROM jobs_job WHERE utf8tostring(payload) LIKE :c)"
                + " + (SELECT count(*) FROM jobs_history WHERE utf8tostring(payload) LIKE :c)")
        .param("c", "%" + name + "%")
        .query(Integer.class)
        .single();
  }

  @Test
  void healthTellsOfTheWorker() throws Exception {
    HttpResponse<String> health = send(request("/actuator/health"));
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body())
        .contains("\"jobs\":{\"details\":{\"worker\":\"running\"},\"status\":\"UP\"}");
  }

  @Test
  void metricsTellOfTheJobs() throws Exception {
    open("dora");
    await(() -> isWelcomed("dora"));
    HttpResponse<String> metric =
        send(
            request(
                "/actuator/metrics/jobs.process?tag=type:account.welcome&tag=outcome:succeeded"));
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
        new SpringApplicationBuilder(AccountsApplication.class, Slow.class)
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
