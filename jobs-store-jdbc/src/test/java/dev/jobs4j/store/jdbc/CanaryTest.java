package dev.jobs4j.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Retention;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.DeadLetterHandling;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.http.CallbackOptions;
import dev.jobs4j.core.http.CallbackTarget;
import dev.jobs4j.core.http.HttpCallback;
import dev.jobs4j.core.http.HttpCallbackExecutor;
import dev.jobs4j.spi.PruneRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * A random secret goes into a payload, a result, the result of a step, a unique key, an error, the
 * run for a dead letter, an edit, the archive and the keys themselves, and is then looked for
 * wherever anything is told or kept.
 */
class CanaryTest {

  record Login(String user, @Sensitive String password) {}

  private static final Operator ANN = new Operator("ann", "once more");
  private static final Duration DAY = Duration.ofDays(1);
  private static final JobType<Login> LOGIN = JobType.of("login", Login.class);
  private static final JobType<HttpCallback> CALL = JobType.of("call", HttpCallback.class);

  private final byte[] keyBytes = random();
  private final byte[] hidingBytes = random();
  private final String secret = "canary-" + HexFormat.of().formatHex(random());
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Level before = root.getLevel();
  @TempDir private Path folder;

  private static byte[] random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void listen() {
    lines.start();
    root.setLevel(Level.TRACE);
    // what a driver writes at TRACE is not ours
    for (String driver : List.of("org.postgresql", "org.mariadb", "com.zaxxer")) {
      ((Logger) LoggerFactory.getLogger(driver)).setLevel(Level.INFO);
    }
    root.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(lines);
    root.setLevel(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = Databases.class,
      names = {"H2", "POSTGRES_15", "MARIADB"})
  void aSecretIsFoundNowhere(Databases database) throws Exception {
    JdbcStoreOptions tables = Databases.newTables();
    try (HikariDataSource pool = Pools.of(database.url(), config -> password(database, config))) {
      JdbcJobStore store = JdbcJobStore.of(pool, tables);
      run(store, () -> rows(pool, tables.tablePrefix()));
      archive(store);

      List<String> rows = rows(pool, tables.tablePrefix());
      assertThat(rows).as("the tables were read").anyMatch(row -> row.contains("login"));
      lines.list.forEach(line -> told.add(line.getFormattedMessage() + stack(line)));
      assertThat(told).as("something was told").anyMatch(text -> text.contains("***"));
      meters.getMeters().forEach(meter -> told.add(meter.getId().toString()));
      told.addAll(rows);
    }
    for (String form : forms()) {
      assertThat(told).allSatisfy(text -> assertThat(text).doesNotContain(form));
    }
    for (String kept : List.of("fetch-token", "logged in with ***", "no alert for ***")) {
      assertThat(told).as("what may be told").anyMatch(text -> text.contains(kept));
    }
  }

  /** MariaDB has one of its own. */
  private void password(Databases database, HikariConfig config) {
    if (database != Databases.MARIADB) {
      config.setPassword(secret);
    }
  }

  /** All that has ended, in a file. */
  private void archive(JdbcJobStore store) throws IOException {
    Retention none =
        Retention.of(Duration.ofNanos(1_000)).keep(JobState.DEAD, Duration.ofNanos(1_000));
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      store.prune(new PruneRequest(none, archive, 100));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        told.addAll(Files.readAllLines(file, ISO_8859_1));
      }
    }
    assertThat(told)
        .as("archived")
        .anyMatch(line -> line.startsWith("{") && line.contains("login"));
  }

  private static String stack(ILoggingEvent line) {
    return line.getThrowableProxy() == null
        ? ""
        : ThrowableProxyUtil.asString(line.getThrowableProxy());
  }

  /** A receiver that is down, called with secrets wherever a call can have them. */
  private JobId call(Jobs jobs) {
    HttpCallback callback =
        HttpCallback.post("http://receiver.test:1/hook?token=" + secret, Map.of("pin", secret))
            .withHeader("Authorization", "Bearer " + secret);
    told.add(callback.toString());
    return jobs.enqueue(CALL, callback).id();
  }

  private HttpCallbackExecutor caller() {
    return HttpCallbackExecutor.builder()
        .allow(
            CallbackTarget.of("http://receiver.test:1")
                .inNetworks("127.0.0.0/8")
                .signedBy("k1", secret.getBytes(UTF_8)))
        .options(CallbackOptions.builder().headers("Authorization").build())
        .lookup(host -> List.of(InetAddress.getLoopbackAddress()))
        .build();
  }

  /**
   * Two jobs that fail until they are dead letters, the run for one of them, which fails as well,
   * and a job whose result is the secret.
   */
  private void run(JdbcJobStore store, Callable<List<String>> rows) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(4);
    HandlerOptions twice =
        HandlerOptions.defaults().retry(RetryPolicy.of(2, Backoff.constant(Duration.ofMillis(1))));
    StaticKeyProvider keys =
        StaticKeyProvider.create().add("k1", Base64.getEncoder().encodeToString(keyBytes));
    told.add(keys.toString());
    try (Jobs jobs =
        Jobs.builder()
            .store(store)
            .encryption(EncryptionOptions.with(keys).hideUniqueKeys(hidingBytes))
            .meterRegistry(meters)
            .listener(
                event -> {
                  told.add(event.toString());
                  if (event instanceof JobEvent.Died || event instanceof JobEvent.Succeeded) {
                    ended.countDown();
                  }
                })
            .handler(
                LOGIN,
                (login, context) -> {
                  context.step("fetch-token", String.class, login::password);
                  context.progress(1, 2, "with " + login.password());
                  context.log().info("logged in with " + login.password());
                  told.addAll(rows.call()); // while its steps are kept
                  if (login.user().equals("ada")) {
                    throw new IllegalStateException(
                        "no such user: " + login.password(),
                        new IllegalArgumentException(login.password()));
                  }
                  return login.password();
                },
                twice)
            .handler(CALL, caller(), twice)
            .deadLetters(
                DeadLetterHandling.ofType(
                        LOGIN,
                        (login, letter, context) -> {
                          context.log().warn("gave up with " + login.password());
                          throw new IllegalStateException("no alert for " + login.password());
                        })
                    .retry(RetryPolicy.of(1, Backoff.constant(Duration.ZERO))))
            .start()) {
      JobId dead = jobs.enqueue(LOGIN.request(new Login("ada", secret)).uniqueKey(secret)).id();
      JobId done = jobs.enqueue(LOGIN, new Login("bob", secret)).id();
      JobId called = call(jobs);
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(jobs.result(done, String.class)).contains(secret); // for whoever has the keys
      assertThat(jobs.find(called).orElseThrow().lastFailure().orElseThrow().message())
          .as("the receiver was called")
          .contains("receiver.test");
      JobId waiting = jobs.enqueue(LOGIN.request(new Login("eve", secret)).delay(DAY)).id();
      assertThat(jobs.deadLetters().edit(dead, LOGIN, new Login("ada", secret), ANN)).isTrue();
      jobs.deadLetters().redrive(dead, ANN);
      jobs.deadLetters().discard(called, ANN);
      told.addAll(
          jobs.deadLetters().audit(null, Long.MAX_VALUE, 10).stream()
              .map(AuditEntry::toString)
              .toList());
      for (JobId id : List.of(dead, done, called, waiting)) {
        jobs.find(id).ifPresent(job -> told.add(job + " " + job.lastFailure()));
        jobs.explain(id).ifPresent(why -> told.add(why.toString()));
        told.add(store.records().attempts(id).toString());
      }
      for (DeadLetter letter : store.records().deadLetters(JobQueue.DEFAULT, null, 10)) {
        told.add(letter + " " + letter.failure() + jobs.maskedPayload(letter));
      }
      told.add(refusal(jobs));
    }
  }

  private String refusal(Jobs jobs) {
    try {
      jobs.enqueue(LOGIN.request(new Login(secret.repeat(40_000), secret)));
      return "taken";
    } catch (InvalidJobException e) {
      return String.valueOf(e);
    }
  }

  private static List<String> rows(HikariDataSource pool, String prefix) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = pool.getConnection()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet table =
          connection
              .getMetaData()
              .getTables(
                  connection.getCatalog(), null, null, new String[] {"TABLE", "BASE TABLE"})) {
        while (table.next()) {
          tables.add(table.getString("TABLE_NAME"));
        }
      }
      tables.removeIf(table -> !table.toLowerCase(Locale.ROOT).startsWith(prefix));
      for (String table : tables) {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
          while (row.next()) {
            rows.add(table + text(row));
          }
        }
      }
    }
    return rows;
  }

  private static String text(ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      Object value = row.getObject(i);
      text.append(' ')
          .append(value instanceof byte[] bytes ? new String(bytes, ISO_8859_1) : value);
    }
    return text.toString();
  }

  /** The secrets as somebody might write them. */
  private List<String> forms() {
    List<String> forms = new ArrayList<>();
    for (byte[] bytes : List.of(secret.getBytes(UTF_8), keyBytes, hidingBytes)) {
      forms.add(new String(bytes, ISO_8859_1));
      forms.add(HexFormat.of().formatHex(bytes));
      forms.add(Base64.getEncoder().encodeToString(bytes).substring(0, 40));
    }
    return forms;
  }

  @Test
  void theCanaryWouldBeFoundIfItWereThere() throws Exception {
    JdbcStoreOptions tables = Databases.newTables();
    try (HikariDataSource pool = Pools.of("jdbc:h2:mem:clear;DB_CLOSE_DELAY=-1");
        Jobs jobs = Jobs.builder().store(JdbcJobStore.of(pool, tables)).enqueueOnly()) {
      jobs.enqueue(LOGIN, new Login("ada", secret));

      assertThat(rows(pool, tables.tablePrefix())).anyMatch(row -> row.contains(secret));
    }
  }
}
