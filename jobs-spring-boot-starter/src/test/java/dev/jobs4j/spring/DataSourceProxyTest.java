package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The application's data source may be any proxy, and is left as it was found. */
class DataSourceProxyTest {

  private static final JobType<String> WORK = JobType.of("work", String.class);

  static class Worker {
    @JobHandler(type = "work")
    void work(String what) {}
  }

  /** Writes down what is called on connections, and where. */
  static final class SpiedDataSource extends DelegatingDataSource {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final ThreadLocal<Boolean> listening = ThreadLocal.withInitial(() -> false);

    SpiedDataSource(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      note("getConnection");
      Connection connection = super.getConnection();
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                note(method.getName());
                try {
                  return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private void note(String call) {
      if (listening.get()) {
        calls.add(call);
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Spied {
    @Bean
    SpiedDataSource spied() {
      return new SpiedDataSource(Starter.h2("spied" + System.nanoTime()));
    }

    @Bean
    JdbcTransactionManager transactionManager(SpiedDataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }
  }

  @Test
  void onTheCallersConnectionNothingIsCommittedRolledBackSetOrClosed() {
    Starter.bare()
        .withUserConfiguration(Spied.class)
        .withBean(Worker.class)
        .run(
            context -> {
              SpiedDataSource spied = context.getBean(SpiedDataSource.class);
              new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                  .executeWithoutResult(
                      tx -> {
                        spied.listening.set(true);
                        context.getBean(JobClient.class).enqueue(WORK, "x");
                        spied.listening.set(false);
                      });
              assertThat(spied.calls)
                  .contains("prepareStatement")
                  .doesNotContain(
                      "getConnection",
                      "commit",
                      "rollback",
                      "setAutoCommit",
                      "setTransactionIsolation",
                      "setSavepoint",
                      "close");
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Aware {
    @Bean
    DataSource dataSource() {
      return new TransactionAwareDataSourceProxy(Starter.h2("aware" + System.nanoTime()));
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }
  }

  @Test
  void aTransactionAwareProxyIsLookedBehind() {
    Starter.bare()
        .withUserConfiguration(Aware.class)
        .withBean(Worker.class)
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              TransactionTemplate transactions =
                  new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
              JobId[] id = new JobId[2];
              transactions.executeWithoutResult(
                  tx -> {
                    id[0] = client.enqueue(WORK, "x").id();
                    assertThat(client.find(id[0])).as("read on another connection").isEmpty();
                    tx.setRollbackOnly();
                  });
              assertThat(client.find(id[0])).isEmpty();
              transactions.executeWithoutResult(tx -> id[1] = client.enqueue(WORK, "y").id());
              Starter.awaitState(client, id[1], JobState.SUCCEEDED);
            });
  }
}
