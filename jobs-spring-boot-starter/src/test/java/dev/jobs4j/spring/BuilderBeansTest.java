package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.DeadLetterHandling;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeyProvider;
import dev.jobs4j.spi.PayloadCheck;
import dev.jobs4j.spi.PayloadCodec;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.StoredSchedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;

/** Beans of what a builder takes are given to it; where the order counts, in theirs. */
@SuppressWarnings("unused") // handlers are called by their annotation
class BuilderBeansTest {

  private static final JobType<String> WORK = JobType.of("work", String.class);

  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  private static final List<String> seen = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @BeforeEach
  void forget() {
    seen.clear();
  }

  static class Worker {
    @JobHandler(type = "work", queue = "bench")
    JobOutcome work(String what) {
      seen.add(what);
      return what.equals("reject") ? JobOutcome.reject("no") : JobOutcome.done();
    }
  }

  private static ApplicationContextRunner working() {
    return Starter.inMemory().withBean(Worker.class);
  }

  private static JobId runs(ApplicationContext context, String what) {
    JobClient client = context.getBean(JobClient.class);
    JobId id = client.enqueue(WORK, what).id();
    Starter.awaitState(client, id, JobState.SUCCEEDED);
    return id;
  }

  @Configuration(proxyBeanMethods = false)
  static class Interceptors {
    @Bean
    @Order(2)
    JobInterceptor inner() {
      return noting("inner");
    }

    @Bean
    @Order(1)
    JobInterceptor outer() {
      return noting("outer");
    }

    private static JobInterceptor noting(String name) {
      return (context, next) -> {
        seen.add(name);
        return next.proceed();
      };
    }
  }

  @Test
  void interceptorsStandAroundHandlersInTheirOrder() {
    working()
        .withUserConfiguration(Interceptors.class)
        .run(
            context -> {
              runs(context, "x");
              assertThat(seen).containsExactly("outer", "inner", "x");
            });
  }

  /** Text in capitals; JSON reads it no more. */
  private record Capitals(String name) implements PayloadCodec {
    @Override
    public boolean writes(Type type) {
      return type.equals(String.class);
    }

    @Override
    public byte[] encode(Object value) {
      return value.toString().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object decode(byte[] bytes, Type type) {
      return name + " " + new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Codecs {
    @Bean
    @Order(2)
    PayloadCodec later() {
      return new Capitals("later");
    }

    @Bean
    @Order(1)
    PayloadCodec first() {
      return new Capitals("first");
    }

    @Bean
    @Order(3)
    PayloadCodec json() {
      return JacksonPayloadCodec.create();
    }
  }

  @Test
  void theFirstCodecWrites() {
    working()
        .withUserConfiguration(Codecs.class)
        .run(
            context -> {
              runs(context, "x");
              assertThat(seen).containsExactly("first X");
            });
  }

  @Test
  void aCheckRefusesPayloads() {
    PayloadCheck none =
        (type, version, payload) -> {
          throw new InvalidJobException("refused by the bean");
        };
    Starter.inMemory()
        .withBean(PayloadCheck.class, () -> none)
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(JobClient.class).enqueue(WORK, "x"))
                    .hasMessageContaining("refused by the bean"));
  }

  private static KeyProvider keys() {
    return StaticKeyProvider.create().add("bean", KEY);
  }

  private static final ApplicationContextRunner keyed =
      Starter.inDatabase()
          .withBean(Worker.class)
          .withBean("keys", KeyProvider.class, BuilderBeansTest::keys);

  /** What the database keeps of a payload that has run. */
  private static String stored(ApplicationContext context, String what) {
    JobId id = runs(context, what);
    byte[] payload =
        context
            .getBean(JdbcTemplate.class)
            .queryForObject(
                "SELECT payload FROM jobs_history WHERE id = ?", byte[].class, id.value());
    return new String(payload, StandardCharsets.UTF_8);
  }

  @Test
  void aKeyProviderEncrypts() {
    keyed.run(
        context -> {
          assertThat(stored(context, "hello")).doesNotContain("hello");
          assertThat(seen).containsExactly("hello");
        });
  }

  @Test
  void encryptionOptionsSayMoreThanAKeyProvider() {
    keyed
        .withBean(
            EncryptionOptions.class,
            () -> EncryptionOptions.with(keys()).only((type, tenant) -> false))
        .run(context -> assertThat(stored(context, "hello")).contains("hello"));
  }

  @Test
  void ofTwoKeyProvidersOneMustBePrimary() {
    keyed
        .withBean("others", KeyProvider.class, BuilderBeansTest::keys)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(
                        "There are several KeyProvider beans, and none of them is primary."));
  }

  @Test
  void limitsAreKeptWhereNothingRunsToo() {
    Starter.inMemory()
        .withBean("one", JobLimit.class, () -> JobLimit.running("carrier", 4))
        .withBean("two", JobLimit.class, () -> JobLimit.running("tenant", 1))
        .run(
            context -> {
              context
                  .getBean(JobClient.class)
                  .enqueue(WORK.request("x").limit("carrier", "dhl").limit("tenant", "acme"));
              assertThat(context.getBean(JobStore.class).limits().orElseThrow().list())
                  .containsExactlyInAnyOrder(
                      JobLimit.running("carrier", 4), JobLimit.running("tenant", 1));
            });
  }

  private static List<String> schedules(ApplicationContext context) {
    return context.getBean(JobStore.class).schedules().list(null, 10).stream()
        .map(BuilderBeansTest::told)
        .toList();
  }

  private static String told(StoredSchedule schedule) {
    return schedule.definition().name() + " " + schedule.definition().job().queue();
  }

  private static RecurringJob<String> nightly(String name) {
    return RecurringJob.of(name, Schedule.parse("0 3 * * *", "UTC"), WORK, "night");
  }

  @Test
  void recurringJobsAreKeptByNodesThatRunJobs() {
    ApplicationContextRunner declaring =
        Starter.inMemory()
            .withBean("b", RecurringJob.class, () -> nightly("b"))
            .withBean("a", RecurringJob.class, () -> nightly("a"));
    declaring
        .withBean(Worker.class)
        .run(context -> assertThat(schedules(context)).containsExactly("a bench", "b bench"));
    declaring.run(
        context -> {
          context.getBean(JobClient.class).enqueue(WORK, "x");
          assertThat(schedules(context)).isEmpty();
        });
  }

  @Test
  void aFileOfRecurringJobsIsNamedByAProperty() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("jobs.yaml"),
            "schedules:\n  - name: hourly\n    every: 1h\n    type: work\n    payload: x\n");
    working()
        .withPropertyValues("jobs.schedules=file:" + file)
        .run(context -> assertThat(schedules(context)).containsExactly("hourly bench"));
    Files.writeString(file, "schedules:\n  - name: hourly\n    evry: 1h\n    type: work\n");
    working()
        .withPropertyValues("jobs.schedules=file:" + file)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("Below jobs.schedules: ")
                    .hasStackTraceContaining("evry"));
  }

  @Test
  void deadLettersAreLookedAfter() {
    working()
        .withBean(
            DeadLetterHandling.class,
            () ->
                DeadLetterHandling.ofType(
                    WORK, (payload, letter, context) -> seen.add("gave up " + payload)))
        .run(
            context -> {
              context.getBean(JobClient.class).enqueue(WORK, "reject");
              Starter.await(() -> seen.size() > 1);
              assertThat(seen).containsExactly("reject", "gave up reject");
            });
  }

  @Test
  void whatIsDeletedGoesIntoTheFolder() {
    working()
        .withPropertyValues(
            "jobs.archive.folder=" + folder.resolve("archive"), "jobs.archive.payloads=false")
        .run(
            context -> {
              JobArchive archive = context.getBean(JobArchive.class);
              JobId id = runs(context, "secret word");
              PruneRequest all = new PruneRequest(Retention.of(Duration.ZERO), archive, 10);
              Starter.await(() -> context.getBean(JobStore.class).prune(all) > 0);
              assertThat(archived()).contains(id.toString()).doesNotContain("secret word");
            });
    assertThat(JsonLinesArchive.in(folder.resolve("archive")))
        .as("the folder is free when the application has ended")
        .satisfies(JsonLinesArchive::close);
  }

  private String archived() {
    StringBuilder text = new StringBuilder();
    try (var files = Files.newDirectoryStream(folder.resolve("archive"), "*.jsonl")) {
      for (Path file : files) {
        text.append(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  @Test
  void aNodeThatRunsNothingLeavesTheFolderToOthers() {
    working()
        .withPropertyValues("jobs.archive.folder=" + folder, "jobs.worker.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(JobArchive.class));
  }

  @Test
  void theArchiveGivesWay() {
    working()
        .withPropertyValues("jobs.archive.folder=" + folder)
        .withBean("own", JobArchive.class, () -> jobs -> {})
        .run(
            context ->
                assertThat(context).hasSingleBean(JobArchive.class).doesNotHaveBean("jobsArchive"));
  }

  @Test
  void aFolderThatCannotBeUsedIsNamedByItsProperty() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    working()
        .withPropertyValues("jobs.archive.folder=" + file)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("Below jobs.archive: The folder of the archive"));
  }
}
