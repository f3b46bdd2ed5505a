package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.core.Jobs;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A row and its job while processes die: what the database holds then, a worker meets. */
class FeederTest {

  private Site site;
  private Jobs jobs;
  private long task;

  @BeforeEach
  void insert(TestInfo test) throws Exception {
    site = new Site(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT));
    JdbcStoreOptions options = JdbcStoreOptions.builder().schemaMode(SchemaMode.MIGRATE).build();
    jobs = Jobs.builder().store(JdbcJobStore.of(site.table.source(), options)).enqueueOnly();
    String payload = "{\"url\": \"%s\", \"data\": \"x\"}".formatted(site.receiver.url("/200"));
    task = site.table.insert("http_callback", payload, 3);
  }

  @AfterEach
  void close() {
    jobs.close();
    site.close();
  }

  private int feed(DataSource database) throws SQLException {
    Settings settings = TestSettings.of(site.environment("worker-1"));
    Tasks tasks = new Tasks(site.table.source());
    return new Feeder(settings.worker(), database, tasks, jobs, () -> 4).feed(4);
  }

  /** Connections that break when they are told to commit. */
  private DataSource breaking() {
    return proxy(
        DataSource.class,
        site.table.source(),
        "getConnection",
        connection -> proxy(Connection.class, connection, "commit", any -> broken()));
  }

  private interface Change {
    Object apply(Object result) throws SQLException;
  }

  private static Object broken() throws SQLException {
    throw new SQLException("the connection broke", "08006");
  }

  private static <T> T proxy(Class<T> type, Object target, String method, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals("commit")) {
                return broken();
              }
              try {
                Object result = called.invoke(target, arguments);
                return called.getName().equals(method) ? change.apply(result) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private String jobsLeft() throws SQLException {
    return site.table.value("SELECT count(*) FROM jobs_job WHERE type <> 'cleaner'");
  }

  private void letAWorkerEndWhatIsLeft() throws Exception {
    try (AtWorker worker = site.worker("worker-1")) {
      Wait.until(() -> jobsLeft().equals("0"), Duration.ofSeconds(30), () -> "the end of the job");
    }
  }

  @Test
  void aRowAndItsJobAreThereTogetherOrNeitherIs() throws Exception {
    assertThatThrownBy(() -> feed(breaking())).hasMessage("the connection broke");
    assertThat(jobsLeft()).isEqualTo("0");
    assertThat(site.table.row(task))
        .containsEntry("status", "pending")
        .containsEntry("job_id", "null");
    assertThat(feed(site.table.source())).isEqualTo(1);
    assertThat(jobsLeft()).isEqualTo("1");
    assertThat(site.table.status(task)).isEqualTo("processing");
    assertThat(feed(site.table.source())).as("it is taken").isZero();
  }

  @Test
  void whatWasCompletedBeforeItsJobKnewIsNotDoneAgain() throws Exception {
    feed(site.table.source());
    site.table.execute("UPDATE scheduled_tasks SET status = 'completed', job_id = NULL");
    letAWorkerEndWhatIsLeft();
    assertThat(site.receiver.all()).isEmpty();
    assertThat(site.table.status(task)).isEqualTo("completed");
  }

  @Test
  void whatSomebodyCalledOffByHandIsNotDone() throws Exception {
    feed(site.table.source());
    site.table.execute("UPDATE scheduled_tasks SET status = 'failed'");
    letAWorkerEndWhatIsLeft();
    assertThat(site.receiver.all()).isEmpty();
    assertThat(site.table.row(task))
        .containsEntry("status", "failed")
        .containsEntry("job_id", "null");
    assertThat(site.table.value("SELECT state FROM jobs_history")).isEqualTo("CANCELLED");
  }
}
