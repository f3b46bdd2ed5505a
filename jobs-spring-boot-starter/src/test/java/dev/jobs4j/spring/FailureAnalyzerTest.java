package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.schedule.Schedules;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  record Operating(Pauses pauses, JobLimits limits, Schedules schedules) {}

  @Test
  void noStoreForThoseWhoOperate() {
    assertThat(analysis(Starter.bare().withBean(Operating.class)).getDescription())
        .startsWith("There is nothing to keep jobs in");
  }

  private static void refusedOnABroker(ApplicationContextRunner runner, String why) {
    FailureAnalysis analysis = analysis(runner.withBean(Greeter.class));
    assertThat(analysis.getDescription())
        .isEqualTo("The jobs of this application cannot be run as they are set up: " + why);
    assertThat(analysis.getAction())
        .contains("JobsBuilderCustomizer", "jobs.archive.folder", "jobs-store-jdbc", "JobStore");
  }

  @Test
  void anArchiveWithoutAStore(@TempDir Path folder) {
    String why = "archive(..) is for jobs of a store, and none is set";
    refusedOnABroker(
        Starter.onBroker().withPropertyValues("jobs.archive.folder=" + folder.resolve("a")), why);
    refusedOnABroker(Starter.onBroker().withBean(JobArchive.class, () -> jobs -> {}), why);
  }

  @Test
  void aLimitWithoutAStore() {
    refusedOnABroker(
        Starter.onBroker().withBean(JobLimit.class, () -> JobLimit.running("carrier", 4)),
        "limit \"carrier\" needs a store that keeps limits, and there is none: put the jobs into"
            + " one, or bound the workers of their queue");
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
