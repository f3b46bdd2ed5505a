package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An enqueue in a transaction of the caller is part of it. */
class TransactionTest {

  private static final JobType<String> WORK = JobType.of("work", String.class);

  private final ApplicationContextRunner runner =
      Starter.inDatabase().withBean(Shop.class).withBean(Worker.class);

  static class Worker {
    final CountDownLatch ran = new CountDownLatch(1);

    @JobHandler(type = "work")
    void work(String what) {
      ran.countDown();
    }
  }

  static class Shop {
    private final JdbcTemplate jdbc;
    private final JobClient jobs;

    Shop(JdbcTemplate jdbc, JobClient jobs) {
      this.jdbc = jdbc;
      this.jobs = jobs;
      jdbc.execute("CREATE TABLE IF NOT EXISTS orders (id varchar(100) PRIMARY KEY)");
    }

    @Transactional
    public JobId order(String name) {
      jdbc.update("INSERT INTO orders (id) VALUES (?)", name);
      return jobs.enqueue(WORK, name).id();
    }

    @Transactional
    public void orderAndFail(String name, AtomicReference<JobId> id) {
      id.set(order(name));
      throw new IllegalStateException("no money");
    }

    int orders() {
      return jdbc.queryForObject("SELECT count(*) FROM orders", Integer.class);
    }
  }

  @Test
  void aCommitMakesTheJob() {
    runner.run(
        context -> {
          JobId id = context.getBean(Shop.class).order("tea");
          Starter.awaitState(context.getBean(JobClient.class), id, JobState.SUCCEEDED);
          assertThat(context.getBean(Shop.class).orders()).isOne();
        });
  }

  @Test
  void aRollbackLeavesNone() {
    runner.run(
        context -> {
          AtomicReference<JobId> id = new AtomicReference<>();
          Shop shop = context.getBean(Shop.class);
          assertThatThrownBy(() -> shop.orderAndFail("tea", id)).hasMessage("no money");
          assertThat(context.getBean(JobClient.class).find(id.get())).isEmpty();
          assertThat(shop.orders()).isZero();
          assertThat(context.getBean(Worker.class).ran.getCount()).isOne();
        });
  }

  @Test
  void theJobIsSeenByNobodyBeforeTheCommit() {
    runner.run(
        context -> {
          JobClient client = context.getBean(JobClient.class);
          JobId[] id = new JobId[1];
          context
              .getBean(TransactionTemplate.class)
              .executeWithoutResult(
                  tx -> {
                    id[0] = client.enqueue(WORK, "x").id();
                    assertThat(context.getBean(JdbcJobStore.class).records().find(id[0])).isEmpty();
                  });
          assertThat(client.find(id[0])).isPresent();
        });
  }

  @Test
  void theEngineIsWokenAfterTheCommitAndNotByItsPoll() {
    runner
        .withPropertyValues("jobs.poll-interval=1h")
        .run(
            context -> {
              Starter.pause(Duration.ofMillis(500)); // its first look is over
              context.getBean(Shop.class).order("tea");
              assertThat(context.getBean(Worker.class).ran.await(5, TimeUnit.SECONDS)).isTrue();
            });
  }

  /** A pool as it is often set up with JPA: no auto-commit, rolls back what was left open. */
  @Configuration(proxyBeanMethods = false)
  static class NoAutoCommit {
    @Bean
    DataSource dataSource() {
      return new DelegatingDataSource(Starter.h2("manual" + System.nanoTime())) {
        @Override
        public Connection getConnection() throws SQLException {
          Connection connection = super.getConnection();
          connection.setAutoCommit(false);
          return (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                      connection.rollback();
                    }
                    try {
                      return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
        }
      };
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }
  }

  private static TransactionSynchronization after(
      JobClient client, AtomicReference<JobId> committed, AtomicReference<JobId> completed) {
    return new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        committed.set(client.enqueue(WORK, "committed").id());
      }

      @Override
      public void afterCompletion(int status) {
        completed.set(client.enqueue(WORK, "completed").id());
      }
    };
  }

  @Test
  void anEnqueueAfterTheCommitIsItsOwn() {
    for (Class<?> database : List.of(Starter.Database.class, NoAutoCommit.class)) {
      Starter.bare()
          .withUserConfiguration(database)
          .withPropertyValues("jobs.poll-interval=1h") // so it must be woken too
          .withBean(Worker.class)
          .run(
              context -> {
                JobClient client = context.getBean(JobClient.class);
                AtomicReference<JobId> before = new AtomicReference<>();
                AtomicReference<JobId> committed = new AtomicReference<>();
                AtomicReference<JobId> completed = new AtomicReference<>();
                new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(
                        tx -> {
                          before.set(client.enqueue(WORK, "before").id());
                          TransactionSynchronizationManager.registerSynchronization(
                              after(client, committed, completed));
                        });
                Starter.awaitState(client, before.get(), JobState.SUCCEEDED);
                Starter.awaitState(client, committed.get(), JobState.SUCCEEDED);
                Starter.awaitState(client, completed.get(), JobState.SUCCEEDED);
              });
    }
  }

  @Test
  void aNewTransactionAfterTheCommitIsJoined() {
    runner.run(
        context -> {
          JobClient client = context.getBean(JobClient.class);
          TransactionTemplate transactions = context.getBean(TransactionTemplate.class);
          TransactionTemplate inner =
              new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
          inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
          AtomicReference<JobId> rolledBack = new AtomicReference<>();
          AtomicReference<JobId> after = new AtomicReference<>();
          transactions.executeWithoutResult(
              tx ->
                  TransactionSynchronizationManager.registerSynchronization(
                      new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                          inner.executeWithoutResult(
                              again -> {
                                rolledBack.set(client.enqueue(WORK, "x").id());
                                again.setRollbackOnly();
                              });
                          after.set(client.enqueue(WORK, "y").id());
                        }
                      }));
          assertThat(client.find(rolledBack.get())).isEmpty();
          Starter.awaitState(client, after.get(), JobState.SUCCEEDED);
        });
  }

  @Test
  void outsideATransactionItIsStoredAtOnce() {
    runner.run(
        context -> {
          JobClient client = context.getBean(JobClient.class);
          Starter.awaitState(client, client.enqueue(WORK, "x").id(), JobState.SUCCEEDED);
        });
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoDatabases {
    @Bean
    @JobsDataSource
    DataSource jobsDatabase() {
      return Starter.h2("two" + System.nanoTime());
    }

    @Bean
    DataSource otherDatabase() {
      return Starter.h2("other" + System.nanoTime());
    }

    @Bean
    PlatformTransactionManager otherTransactions() {
      return new JdbcTransactionManager(otherDatabase());
    }
  }

  @Test
  void aTransactionOfAnotherDatabaseIsRefused() {
    Starter.bare()
        .withUserConfiguration(TwoDatabases.class)
        .withBean(Worker.class)
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              TransactionTemplate transactions =
                  new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
              assertThatThrownBy(
                      () -> transactions.executeWithoutResult(tx -> client.enqueue(WORK, "x")))
                  .isInstanceOf(InvalidJobException.class)
                  .hasMessageContaining("not one of the DataSource that keeps the jobs")
                  .hasMessageContaining("jobs.enqueue.transaction=ignore");
            });
  }

  @Test
  void ignoringTheTransactionIsSaidByAProperty() {
    runner
        .withPropertyValues("jobs.enqueue.transaction=ignore")
        .run(
            context -> {
              AtomicReference<JobId> id = new AtomicReference<>();
              Shop shop = context.getBean(Shop.class);
              assertThatThrownBy(() -> shop.orderAndFail("tea", id)).hasMessage("no money");
              Starter.awaitState(context.getBean(JobClient.class), id.get(), JobState.SUCCEEDED);
            });
  }

  @Test
  void requiringATransactionIsSaidByAProperty() {
    runner
        .withPropertyValues("jobs.enqueue.transaction=require")
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              assertThatThrownBy(() -> client.enqueue(WORK, "x"))
                  .isInstanceOf(InvalidJobException.class)
                  .hasMessageContaining("jobs.enqueue.transaction")
                  .hasMessageContaining("@Transactional");
              Starter.awaitState(
                  client, context.getBean(Shop.class).order("tea"), JobState.SUCCEEDED);
            });
  }

  @Test
  void theApplicationsOwnStoreIsJoinedToo() {
    Starter.bare()
        .withUserConfiguration(TwoDatabases.class)
        .withBean(Worker.class)
        .withBean(
            "own", JobStore.class, () -> JdbcJobStore.of(Starter.h2("own" + System.nanoTime())))
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              DataSource own = context.getBean("own", JdbcJobStore.class).dataSource();
              AtomicReference<JobId> id = new AtomicReference<>();
              new TransactionTemplate(new JdbcTransactionManager(own))
                  .executeWithoutResult(
                      tx -> {
                        id.set(client.enqueue(WORK, "x").id());
                        tx.setRollbackOnly();
                      });
              assertThat(client.find(id.get())).isEmpty();
            });
  }

  /** A second store has a database of its own: its jobs cannot ride on the main one's commit. */
  @Test
  void anEnqueueToAnotherStoreIsRefusedInATransactionAndStoredOutside() {
    JdbcJobStore audits = JdbcJobStore.of(Starter.h2("audits" + System.nanoTime()));
    Starter.inDatabase()
        .withBean(Worker.class)
        .withBean(
            "audits",
            JobsBuilderCustomizer.class,
            () -> builder -> builder.store("audits", audits, "audit"))
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              TransactionTemplate transactions = context.getBean(TransactionTemplate.class);
              JobRequest<String> request = WORK.request("x").queue("audit");
              assertThatThrownBy(
                      () -> transactions.executeWithoutResult(tx -> client.enqueue(request)))
                  .isInstanceOf(InvalidJobException.class)
                  .hasMessageContaining("jdbc:h2:mem:audits")
                  .hasMessageContaining("outside of it");
              JobId id = client.enqueue(request).id();
              assertThat(audits.records().find(id)).isPresent();
              assertThat(context.getBean("jobsStore", JdbcJobStore.class).records().find(id))
                  .isEmpty();
            });
  }
}
