package dev.jobs4j.examples.chaos.work;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobException;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How every process of a run reaches the database, and the lease it works under. */
public final class Database {

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /** Short, so that a run need not take long. */
  public static final LeaseOptions LEASE =
      LeaseOptions.of(Duration.ofSeconds(5)).withMaxCrashes(50);

  /** As a host would set it: no more than half of the lease is spent on a server that is gone. */
  private static final int SOCKET_SECONDS = 2;

  private static final int POOL_MILLIS = 2_500;

  private Database() {}

  /** Where a server on this machine is reached, without encryption, which the wire cannot read. */
  public static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:"
        + port
        + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable&connectTimeout="
        + SOCKET_SECONDS
        + "&socketTimeout="
        + SOCKET_SECONDS;
  }

  /** The pool of a host, which its own code uses as well. */
  public static HikariDataSource pool(String url, int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(POOL_MILLIS);
    config.setValidationTimeout(POOL_MILLIS / 2);
    config.setInitializationFailTimeout(-1);
    // Said, not asked: a pool whose very first connection breaks while it asks never works again.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    return new HikariDataSource(config);
  }

  /** The store, as soon as the database answers: a host that cannot start is started again. */
  public static JdbcJobStore store(HikariDataSource pool) throws InterruptedException {
    while (true) {
      try {
        return JdbcJobStore.of(pool);
      } catch (JobException e) {
        log.warn("The store cannot be opened, tries again", e);
        Thread.sleep(200);
      }
    }
  }

  static EngineOptions options(String process) {
    return EngineOptions.builder()
        .name(process)
        .pollInterval(Duration.ofMillis(500))
        .drainTimeout(Duration.ofSeconds(3))
        .interruptGrace(Duration.ofSeconds(1))
        .lease(LEASE)
        .build();
  }
}
