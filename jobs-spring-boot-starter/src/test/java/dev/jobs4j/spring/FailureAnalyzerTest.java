package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** A start that fails says what to do, and names the property. */
class FailureAnalyzerTest {

  private static FailureAnalysis analysis(ApplicationContextRunner runner) {
    FailureAnalysis[] analysis = new FailureAnalysis[1];
    runner.run(
        context -> {
          assertThat(context).hasFailed();
          List<FailureAnalyzer> analyzers =
              SpringFactoriesLoader.forDefaultResourceLocation()
                  .load(FailureAnalyzer.class, (type, name, e) -> {}); // as Boot skips some
          assertThat(analyzers).anyMatch(JobsFailureAnalyzer.class::isInstance);
          analysis[0] = new JobsFailureAnalyzer().analyze(context.getStartupFailure());
        });
    assertThat(analysis[0]).as("analysis").isNotNull();
    return analysis[0];
  }

  @Test
  void noStore() {
    FailureAnalysis analysis = analysis(Starter.bare().withBean(Greeter.class));
    assertThat(analysis.getDescription())
        .isEqualTo("There is nothing to keep jobs in: neither a JobStore nor a JobTransport bean.");
    assertThat(analysis.getAction())
        .isEqualTo(
            "Add dev.jobs4j:jobs-store-jdbc and set spring.datasource.url, or define a JobStore"
                + " bean, or set jobs.enabled=false.");
  }

  @Test
  void twoStores() {
    FailureAnalysis analysis =
        analysis(Starter.inMemory().withBean("second", JobStore.class, InMemoryJobStore::create));
    assertThat(analysis.getDescription()).contains("2 JobStore beans");
    assertThat(analysis.getAction()).contains("@Primary");
  }

  @Test
  void twoDataSources() {
    FailureAnalysis analysis =
        analysis(
            Starter.inDatabase().withBean("second", DataSource.class, () -> Starter.h2("second")));
    assertThat(analysis.getDescription()).contains("several DataSource beans");
    assertThat(analysis.getAction()).contains("@JobsDataSource");
  }

  @Test
  void noSchema() {
    FailureAnalysis analysis =
        analysis(Starter.inDatabase().withPropertyValues("jobs.jdbc.schema-mode=validate"));
    assertThat(analysis.getDescription()).contains("V001__jobs.sql");
    assertThat(analysis.getAction()).contains("jobs.jdbc.schema-mode").contains("\"migrate\"");
  }

  @Test
  void twoHandlersOfOneType() {
    FailureAnalysis analysis =
        analysis(Starter.inMemory().withBean("one", Greeter.class).withBean("two", Greeter.class));
    assertThat(analysis.getDescription())
        .startsWith("Two handlers of job type \"")
        .contains("of bean 'one'")
        .contains("of bean 'two'");
    assertThat(analysis.getAction()).contains("@JobHandler(type = ...)");
  }

  @Test
  void aSettingOutOfRange() {
    FailureAnalysis analysis =
        analysis(
            Starter.inMemory()
                .withBean(Greeter.class)
                .withPropertyValues("jobs.queues.greetings.concurrency=0"));
    assertThat(analysis.getDescription())
        .isEqualTo("Below jobs.queues.greetings: concurrency must be >= 1, was 0");
  }

  @Test
  void requireWithoutADatabase() {
    FailureAnalysis analysis =
        analysis(Starter.inMemory().withPropertyValues("jobs.enqueue.transaction=require"));
    assertThat(analysis.getDescription()).contains("jobs.enqueue.transaction");
  }
}
