package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.SourceListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Small applications with the starter. The tests run twice, on Spring Boot 3.5 and on Spring Boot
 * 4, so neither this nor they name a type that moved between the two.
 */
final class Starter {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private Starter() {}

  /** The starter alone: no store, no handler. */
  static ApplicationContextRunner bare() {
    return new ApplicationContextRunner()
        .withPropertyValues(
            "jobs.worker.drain-timeout=5s", "jobs.lease.duration=10s", "jobs.poll-interval=100ms")
        .withConfiguration(
            AutoConfigurations.of(
                JobsAutoConfiguration.class,
                JobsJdbcAutoConfiguration.class,
                JobsHealthAutoConfiguration.class));
  }

  /** Jobs in memory. */
  static ApplicationContextRunner inMemory() {
    return bare().withBean("memory", JobStore.class, InMemoryJobStore::create);
  }

  /** Jobs on a broker, and no store. */
  static ApplicationContextRunner onBroker() {
    return bare()
        .withBean(
            "broker",
            JobTransport.class,
            () -> new Broker(Set.of(JobQueue.DEFAULT, JobQueue.of("greetings"))));
  }

  /** A broker that takes jobs and gives none. */
  private record Broker(Set<JobQueue> queues) implements JobTransport {

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public void publish(List<NewJob> jobs) {}

    @Override
    public JobSource open(Set<JobQueue> queues, SourceListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  /** Jobs in the application's own database, with its transaction manager. */
  static ApplicationContextRunner inDatabase() {
    return bare().withUserConfiguration(Database.class, ClassProxies.class);
  }

  /** The same with JDK proxies before transactional beans. */
  static ApplicationContextRunner inDatabaseWithInterfaceProxies() {
    return bare().withUserConfiguration(Database.class, InterfaceProxies.class);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement(proxyTargetClass = true)
  static class ClassProxies {}

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement(proxyTargetClass = false)
  static class InterfaceProxies {}

  @Configuration(proxyBeanMethods = false)
  static class Database {

    @Bean
    DataSource dataSource() {
      return h2("jobs" + System.nanoTime());
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    @Bean
    TransactionTemplate transactions(JdbcTransactionManager manager) {
      return new TransactionTemplate(manager);
    }

    @Bean
    JdbcTemplate jdbc(DataSource dataSource) {
      return new JdbcTemplate(dataSource);
    }
  }

  static DataSource h2(String name) {
    JdbcDataSource dataSource = new JdbcDataSource();
    dataSource.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    return dataSource;
  }

  static void awaitState(JobClient client, JobId id, JobState state) {
    await(() -> client.find(id).filter(job -> job.state() == state).isPresent());
    assertThat(client.find(id)).get().extracting(job -> job.state()).isEqualTo(state);
  }

  /** Looks every 10 ms; the assertion after it says what was wrong. */
  static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - start < PATIENCE) {
      pause(Duration.ofMillis(10));
    }
  }

  static void pause(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
