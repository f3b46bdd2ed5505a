package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Retention;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What can be set, how, and what tools are told of it. */
class PropertiesTest {

  private static JobsProperties bound(Map<String, Object> environment) {
    MutablePropertySources sources = new MutablePropertySources();
    sources.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", environment));
    Iterable<ConfigurationPropertySource> configured = ConfigurationPropertySources.from(sources);
    return new Binder(configured, null, ApplicationConversionService.getSharedInstance())
        .bindOrCreate("jobs", JobsProperties.class);
  }

  @Test
  void whatIsNotSetIsAsWithoutSpring() {
    JobsProperties properties = bound(Map.of());
    assertThat(properties.engineOptions()).isEqualTo(EngineOptions.defaults());
    assertThat(properties.workerOptions(false)).isEqualTo(WorkerOptions.defaults());
    assertThat(
            new Binder(ConfigurationPropertySources.from(new MutablePropertySources()))
                .bindOrCreate("jobs.jdbc", JobsJdbcProperties.class)
                .options())
        .isEqualTo(JdbcStoreOptions.defaults());
  }

  @Test
  void everythingIsSetByTheEnvironment() {
    JobsProperties properties =
        bound(
            Map.of(
                "JOBS_WORKER_CONCURRENCY", "8",
                "JOBS_WORKER_DRAINTIMEOUT", "7s",
                "JOBS_MAXPAYLOADSIZE", "2KB",
                "JOBS_LOG_MAXLINES", "50",
                "JOBS_LEASE_DURATION", "1m",
                "JOBS_ENQUEUE_TRANSACTION", "require",
                "JOBS_QUEUES_MAIL_CONCURRENCY", "3"));
    assertThat(properties.workerOptions(false).concurrency()).isEqualTo(8);
    assertThat(properties.engineOptions().drainTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(properties.engineOptions().maxPayloadBytes()).isEqualTo(2048);
    assertThat(properties.engineOptions().log()).isEqualTo(new LogOptions(50, 2_000));
    assertThat(properties.engineOptions().lease().duration()).isEqualTo(Duration.ofMinutes(1));
    assertThat(properties.enqueue().transaction()).isEqualTo(JobsProperties.Joining.REQUIRE);
    assertThat(properties.queueOptions(false)).containsEntry("mail", WorkerOptions.of(3));
  }

  @Test
  void whatIsKeptIsSetByStateAndQueue() {
    JobsProperties properties =
        bound(
            Map.of(
                "JOBS_RETENTION_SUCCEEDED", "2d",
                "JOBS_RETENTION_CANCELLED", "forever",
                "JOBS_RETENTION_DEAD", "90d",
                "JOBS_RETENTION_ATTEMPTS", "20",
                "JOBS_RETENTION_ATTEMPTAGE", "30d",
                "JOBS_RETENTION_AUDIT", "365d",
                "JOBS_QUEUES_MAIL_RETENTION_DEAD", "forever"));
    assertThat(properties.engineOptions().retention())
        .isEqualTo(
            Retention.of(Duration.ofDays(2))
                .keep(JobState.CANCELLED, Retention.FOREVER)
                .keep(JobState.DEAD, Duration.ofDays(90))
                .keepAttempts(20)
                .keepAttempts(Duration.ofDays(30))
                .keepAudit(Duration.ofDays(365))
                .keep("mail", JobState.DEAD, Retention.FOREVER));
  }

  @Test
  void theArchiveTablesAreAskedForByAProperty() {
    assertThat(jdbcOptions(Map.of("JOBS_JDBC_ARCHIVE", "true")).archive()).isTrue();
  }

  @Test
  void wakeUpsAreSetByAProperty() {
    assertThat(jdbcOptions(Map.of()).wakeUps()).isEqualTo(WakeUpMode.AFTER_COMMIT);
    assertThat(jdbcOptions(Map.of("JOBS_JDBC_WAKEUPS", "never")).wakeUps())
        .isEqualTo(WakeUpMode.NEVER);
  }

  private static JdbcStoreOptions jdbcOptions(Map<String, Object> environment) {
    MutablePropertySources sources = new MutablePropertySources();
    sources.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", environment));
    return new Binder(ConfigurationPropertySources.from(sources))
        .bindOrCreate("jobs.jdbc", JobsJdbcProperties.class)
        .options();
  }

  @Test
  void aWrongAgeIsNamedByItsProperty() {
    assertThatThrownBy(() -> bound(Map.of("JOBS_RETENTION_DEAD", "old")).engineOptions())
        .isInstanceOf(JobsSetupException.class)
        .hasMessageStartingWith("Below jobs.retention: dead must be a duration");
    assertThatThrownBy(
            () -> bound(Map.of("JOBS_QUEUES_MAIL_RETENTION_DEAD", "-1d")).engineOptions())
        .hasMessageStartingWith("Below jobs.queues.mail.retention: dead must be a duration");
  }

  @Test
  void virtualThreadsAreForAllQueues() {
    JobsProperties properties = bound(Map.of("JOBS_QUEUES_MAIL_CONCURRENCY", "3"));
    assertThat(properties.workerOptions(true).virtualThreads()).isTrue();
    assertThat(properties.queueOptions(true).get("mail").virtualThreads()).isTrue();
    assertThat(properties.workerOptions(false).virtualThreads()).isFalse();
  }

  private static List<JsonNode> metadata() throws IOException {
    try (InputStream json =
        JobsProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      List<JsonNode> properties = new ArrayList<>();
      new ObjectMapper().readTree(json).get("properties").forEach(properties::add);
      return properties;
    }
  }

  @Test
  void toolsAreToldWhatEachPropertyIs() throws IOException {
    assertThat(metadata())
        .hasSizeGreaterThan(15)
        .allSatisfy(
            property -> {
              String name = property.get("name").asText();
              assertThat(name).startsWith("jobs.");
              assertThat(property.path("description").asText())
                  .as(name)
                  .matches("(?!The |A |An )[A-Z].*\\.");
              if (property.get("type").asText().equals("java.lang.Boolean")) {
                assertThat(property.get("description").asText()).as(name).startsWith("Whether ");
              }
            });
  }

  @Test
  void timesAreDurations() throws IOException {
    assertThat(metadata())
        .filteredOn(p -> p.get("description").asText().matches("(Time|Wait) .*"))
        .hasSizeGreaterThan(5)
        .allSatisfy(p -> assertThat(p.get("type").asText()).isEqualTo("java.time.Duration"));
  }

  @Test
  void theJarNamesItsAutoConfigurationsForTheSortBeforeTheyAreLoaded() throws IOException {
    try (InputStream metadata =
        JobsProperties.class.getResourceAsStream(
            "/META-INF/spring-autoconfigure-metadata.properties")) {
      assertThat(new String(metadata.readAllBytes(), StandardCharsets.UTF_8))
          .contains("dev.jobs4j.spring.JobsAutoConfiguration.AutoConfigureAfter=")
          .contains("org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration")
          .contains("org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");
    }
  }
}
