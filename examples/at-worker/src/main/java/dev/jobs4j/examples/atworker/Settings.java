package dev.jobs4j.examples.atworker;

import com.rabbitmq.client.ConnectionFactory;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.core.config.Durations;
import dev.jobs4j.core.config.Environment;
import dev.jobs4j.core.http.CallbackTarget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment sets, else {@code .env} in the working folder, else {@code /app/.env}. A
 * wrong value is refused with its name and what is allowed.
 *
 * @param database where the tasks are
 * @param worker how they are run
 * @param targets what {@code http_callback} may call
 * @param amqpUrl where {@code rabbitmq} publishes
 * @param mail the server that mails are sent to
 * @param engine what else the library reads: {@code JOBS_*}
 */
record Settings(
    Database database,
    Worker worker,
    List<CallbackTarget> targets,
    String amqpUrl,
    MailServer mail,
    Environment engine) {

  private static final Duration TASK_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(30);
  private static final Path CONTAINER_FILE = Path.of("/app/.env");
  private static final String SSL_MODES =
      "disable, allow, prefer, require, verify-ca or verify-full";
  private static final String SECURITIES = "none, starttls or tls";
  private static final String TARGETS_FORM =
      "URLs with commas between, each with the private networks it may lie in,"
          + " as https://*, http://billing:8080 10.20.0.0/16";

  /** Where the tasks are. */
  record Database(
      String host, int port, String user, String password, String name, String sslMode) {

    /** Without the password. */
    @Override
    public String toString() {
      return user + "@" + host + ":" + port + "/" + name;
    }
  }

  /** How tasks are run; an attempt of one, and of a callback, may take so long. */
  record Worker(
      String id,
      Duration pollingInterval,
      int batchSize,
      Duration cleanerInterval,
      Duration stuckTimeout,
      Duration taskTimeout,
      Duration httpTimeout) {}

  /** Where mail is sent; no login if there is no user. */
  record MailServer(
      String host, int port, String user, String password, String security, String from) {

    /** Without the password. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** What this process is told. */
  static Settings system() {
    return of(Environment.system().or(Environment.of(Map.of(), CONTAINER_FILE)));
  }

  /**
   * The same.
   *
   * @throws InvalidJobException if a value is wrong
   */
  static Settings of(Environment env) {
    Worker worker =
        new Worker(
            env.as("WORKER_ID", "at most 100 characters", text -> text(text, 100))
                .orElseGet(Settings::hostName),
            duration(env, "WORKER_POLLING_INTERVAL", ChronoUnit.SECONDS, 5),
            env.number("WORKER_BATCH_SIZE", 1, 1_000).orElse(10),
            duration(env, "WORKER_CLEANER_INTERVAL", ChronoUnit.MINUTES, 5),
            duration(env, "WORKER_STUCK_TIMEOUT", ChronoUnit.MINUTES, 5),
            TASK_TIMEOUT,
            HTTP_TIMEOUT);
    return new Settings(
        database(env), worker, targets(env), amqpUrl(env), mail(env), engine(env, worker));
  }

  private static Database database(Environment env) {
    return new Database(
        env.text("DB_HOST").orElse("localhost"),
        env.number("DB_PORT", 1, 65_535).orElse(5432),
        env.text("DB_USER").orElse("postgres"),
        env.text("DB_PASSWORD").orElse("postgres"),
        env.text("DB_NAME").orElse("at_scheduler"),
        oneOf(env, "DB_SSLMODE", SSL_MODES).orElse("disable"));
  }

  private static MailServer mail(Environment env) {
    return new MailServer(
        env.text("SMTP_HOST").orElse("localhost"),
        env.number("SMTP_PORT", 1, 65_535).orElse(25),
        env.text("SMTP_USER").orElse(""),
        env.text("SMTP_PASSWORD").orElse(""),
        oneOf(env, "SMTP_SECURITY", SECURITIES).orElse("none"),
        env.text("SMTP_FROM").orElse("at-worker@localhost"));
  }

  private static List<CallbackTarget> targets(Environment env) {
    return env.as("HTTP_TARGETS", TARGETS_FORM, Settings::targets)
        .orElseGet(() -> targets("http://*, https://*"));
  }

  private static List<CallbackTarget> targets(String text) {
    return Arrays.stream(text.split(","))
        .map(entry -> entry.strip().split("\\s+"))
        .map(
            words -> {
              CallbackTarget target = CallbackTarget.of(words[0]);
              return words.length == 1
                  ? target
                  : target.inNetworks(Arrays.copyOfRange(words, 1, words.length));
            })
        .toList();
  }

  private static String amqpUrl(Environment env) {
    String url = env.text("AMQP_URL").orElse("amqp://guest:guest@localhost:5672");
    try {
      new ConnectionFactory().setUri(url);
      return url;
    } catch (Exception e) { // whatever it is, it may quote the password
      throw new InvalidJobException(
          "AMQP_URL must be a URL such as amqp://user:password@host:5672/vhost"
              + " (what it was is not shown: there may be a password in it)");
    }
  }

  /** Whoever stops a worker lets it finish what it runs; its name is the worker's. */
  private static Environment engine(Environment env, Worker worker) {
    Map<String, String> defaults =
        Map.of(
            "JOBS_NAME", worker.id(),
            "JOBS_WORKER_DRAIN_TIMEOUT", TASK_TIMEOUT.plusSeconds(5).toString());
    return env.or(Environment.of(defaults));
  }

  private static Duration duration(Environment env, String name, ChronoUnit unit, int fallback) {
    String units = unit.toString().toLowerCase(Locale.ROOT);
    return env.as(
            name,
            "a whole number of " + units + " from 1, or " + Durations.FORM + ", at least 100ms",
            text -> duration(name, text, unit))
        .orElse(Duration.of(fallback, unit));
  }

  private static Duration duration(String name, String text, ChronoUnit unit) {
    Duration value =
        text.matches("\\d{1,9}")
            ? Duration.of(Long.parseLong(text), unit)
            : Durations.parse(name, text);
    if (value.toMillis() < 100 || value.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }

  private static Optional<String> oneOf(Environment env, String name, String allowed) {
    List<String> values = List.of(allowed.split(", | or "));
    return env.as(
        name,
        allowed,
        text -> {
          if (!values.contains(text)) {
            throw new IllegalArgumentException("none of these");
          }
          return text;
        });
  }

  private static String text(String text, int longest) {
    if (text.length() > longest) {
      throw new IllegalArgumentException("too long");
    }
    return text;
  }

  /** Docker and Kubernetes set HOSTNAME, and the name can always be looked up there. */
  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
    }
  }

  /** As people write it: {@code 5s}, {@code 1h30m}. */
  static String text(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }
}
