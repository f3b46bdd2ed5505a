package dev.jobs4j.examples.atworker;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.jobs4j.core.config.Environment;
import dev.jobs4j.tck.BackendReport;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A database of its own, and what tasks may talk to. */
final class Site implements AutoCloseable {

  final TaskTable table;
  final Receiver receiver = new Receiver();
  final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
  final Broker broker = Broker.get();

  Site(String database) throws SQLException, IOException {
    table = TaskTable.create(database);
    mail.start();
  }

  /** Notes what {@code suite} ran on. */
  void report(Class<?> suite) throws SQLException {
    BackendReport.used(
        suite, "PostgreSQL " + table.value("SHOW server_version"), BackendReport.REAL);
    BackendReport.used(
        suite, broker.name(), broker.isRabbit() ? BackendReport.REAL : BackendReport.EMBEDDED);
  }

  /** The environment of a worker here that loses no time. */
  Map<String, String> environment(String workerId) {
    Map<String, String> environment = new HashMap<>(table.environment());
    environment.put("WORKER_ID", workerId);
    environment.put("WORKER_POLLING_INTERVAL", "300ms");
    environment.put("WORKER_BATCH_SIZE", "4");
    environment.put("WORKER_CLEANER_INTERVAL", "1s");
    environment.put("HTTP_TARGETS", receiver.target() + ", https://*");
    environment.put("AMQP_URL", broker.url());
    environment.put("SMTP_HOST", "127.0.0.1");
    environment.put("SMTP_PORT", "" + mail.getSmtp().getPort());
    environment.put("JOBS_POLL_INTERVAL", "200ms");
    environment.put("JOBS_LEASE_DURATION", "6s");
    environment.put("JOBS_LEASE_GRACE", "500ms");
    environment.put("JOBS_LEASE_REAP_INTERVAL", "1s");
    return environment;
  }

  /** A worker inside this process. */
  AtWorker worker(String workerId) {
    return AtWorker.start(Settings.of(Environment.of(environment(workerId))));
  }

  /** Waits until the row is as it is said to be. */
  Map<String, String> awaitStatus(long id, String status) throws SQLException {
    Wait.until(
        () -> table.status(id).equals(status),
        Duration.ofSeconds(30),
        () -> {
          try {
            return status + ", was " + table.row(id);
          } catch (SQLException e) {
            return status + ", " + e;
          }
        });
    return table.row(id);
  }

  @Override
  public void close() {
    receiver.close();
    mail.stop();
  }
}
