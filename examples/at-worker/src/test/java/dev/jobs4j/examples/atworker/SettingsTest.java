package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @Test
  void whatIsNotSetHasTheDefaultOfTheTable() throws Exception {
    Settings settings = TestSettings.of(Map.of());
    assertThat(settings.database())
        .isEqualTo(
            new Settings.Database(
                "localhost", 5432, "postgres", "postgres", "at_scheduler", "disable"));
    assertThat(settings.worker())
        .isEqualTo(
            new Settings.Worker(
                InetAddress.getLocalHost().getHostName(),
                Duration.ofSeconds(5),
                10,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30)));
    assertThat(settings.mail())
        .isEqualTo(new Settings.MailServer("localhost", 25, "", "", "none", "at-worker@localhost"));
    assertThat(settings.amqpUrl()).isEqualTo("amqp://guest:guest@localhost:5672");
    assertThat(settings.targets()).hasToString("[http://*, https://*]");
  }

  @Test
  void theTableOfTheReadmeHasEveryVariableWithItsDefault() throws Exception {
    Map<String, String> defaults = new TreeMap<>();
    Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|[^|]*\\| (.*?) \\|$")
        .matcher(Files.readString(Path.of("README.md")))
        .results()
        .forEach(row -> defaults.put(row.group(1), row.group(2).replace("`", "")));
    assertThat(defaults.remove("WORKER_ID")).isEqualTo("host name");
    assertThat(defaults.values()).doesNotContain("");
    assertThat(defaults.remove("SMTP_USER")).isEqualTo("no login");
    assertThat(defaults.remove("SMTP_PASSWORD")).isEqualTo("no login");
    assertThat(defaults)
        .containsOnlyKeys(
            "DB_HOST",
            "DB_PORT",
            "DB_USER",
            "DB_PASSWORD",
            "DB_NAME",
            "DB_SSLMODE",
            "WORKER_POLLING_INTERVAL",
            "WORKER_BATCH_SIZE",
            "WORKER_CLEANER_INTERVAL",
            "WORKER_STUCK_TIMEOUT",
            "HTTP_TARGETS",
            "AMQP_URL",
            "SMTP_HOST",
            "SMTP_PORT",
            "SMTP_SECURITY",
            "SMTP_FROM");
    assertThat(withoutEngine(TestSettings.of(defaults)))
        .isEqualTo(withoutEngine(TestSettings.of(Map.of())));
  }

  private static String withoutEngine(Settings settings) {
    return settings.database()
        + settings.database().password()
        + settings.database().sslMode()
        + settings.worker()
        + settings.targets()
        + settings.amqpUrl()
        + settings.mail()
        + settings.mail().security()
        + settings.mail().from();
  }

  @Test
  void whatIsSetCounts() {
    Settings settings =
        TestSettings.of(
            Map.of(
                "DB_HOST", "db",
                "DB_PASSWORD", "secret",
                "DB_SSLMODE", "verify-full",
                "WORKER_ID", "worker-1",
                "WORKER_POLLING_INTERVAL", "1",
                "WORKER_BATCH_SIZE", "50",
                "WORKER_CLEANER_INTERVAL", "2",
                "WORKER_STUCK_TIMEOUT", "90s",
                "HTTP_TARGETS", "http://billing:8080 10.20.0.0/16 10.30.0.0/16, https://*"));
    assertThat(settings.database().sslMode()).isEqualTo("verify-full");
    assertThat(settings.database()).hasToString("postgres@db:5432/at_scheduler");
    assertThat(settings.worker())
        .isEqualTo(
            new Settings.Worker(
                "worker-1",
                Duration.ofSeconds(1),
                50,
                Duration.ofMinutes(2),
                Duration.ofSeconds(90),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30)));
    assertThat(settings.targets())
        .hasToString("[http://billing:8080 in [10.20.0.0/16, 10.30.0.0/16], https://*]");
    assertThat(settings.engine().text("JOBS_NAME")).hasValue("worker-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DB_PORT | 0 | from 1 to 65535",
        "DB_PORT | five | from 1 to 65535",
        "DB_SSLMODE | on | disable, allow, prefer, require, verify-ca or verify-full",
        "WORKER_POLLING_INTERVAL | 0 | a whole number of seconds from 1",
        "WORKER_POLLING_INTERVAL | -5 | a whole number of seconds from 1",
        "WORKER_BATCH_SIZE | 0 | from 1 to 1000",
        "WORKER_CLEANER_INTERVAL | soon | a whole number of minutes from 1",
        "WORKER_STUCK_TIMEOUT | 1.5 | a whole number of minutes from 1",
        "HTTP_TARGETS | * 10.0.0.0/8 | URLs with commas between",
        "SMTP_PORT | 70000 | from 1 to 65535",
        "SMTP_SECURITY | ssl | none, starttls or tls",
      })
  void aWrongValueIsRefusedWithItsNameAndWhatIsAllowed(String name, String value, String allowed) {
    assertThatThrownBy(() -> TestSettings.of(Map.of(name, value)))
        .hasMessageStartingWith(name + " must be ")
        .hasMessageContaining(allowed)
        .hasMessageContaining("\"" + value + "\"");
  }

  @Test
  void aWrongUrlOfTheBrokerIsNotQuoted() {
    assertThatThrownBy(() -> TestSettings.of(Map.of("AMQP_URL", "http://me:secret@host")))
        .hasMessageStartingWith("AMQP_URL must be ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void durationsAreTextAsPeopleWriteIt() {
    assertThat(Settings.text(Duration.ofSeconds(5))).isEqualTo("5s");
    assertThat(Settings.text(Duration.ofMinutes(90))).isEqualTo("1h30m");
  }
}
