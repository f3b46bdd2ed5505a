package dev.jobs4j.spring;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Joins the Spring transaction of one data source through the connection that is bound to it:
 * whoever manages it (JDBC, JPA, jOOQ, MyBatis), the job is written on that connection.
 */
final class DataSourceTransactions implements EnqueueTransactions {

  private final DataSource dataSource;
  private final CommitWatch watch;

  DataSourceTransactions(DataSource dataSource, CommitWatch watch) {
    this.dataSource = dataSource;
    this.watch = watch;
  }

  @Override
  public <T> T join(JobClient client, Function<JobClient, T> work) {
    if (!isOpen()) {
      return work.apply(client);
    }
    Connection connection = connection();
    try {
      requireBound(connection);
      return work.apply(
          client.in(JdbcJobStore.transaction(connection, DataSourceTransactions::afterCommit)));
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  /** Whether a transaction is there that will still commit what is written. */
  private boolean isOpen() {
    return TransactionSynchronizationManager.isActualTransactionActive()
        && TransactionSynchronizationManager.isSynchronizationActive()
        && !watch.isPastCommit();
  }

  private Connection connection() {
    try {
      return DataSourceUtils.getConnection(dataSource);
    } catch (DataAccessException e) {
      throw new StoreException("No connection to enqueue on", Certainty.NOT_DONE, e);
    }
  }

  /** A transaction of another resource must not seem to carry the job. */
  private static void requireBound(Connection connection) {
    boolean autoCommit;
    try {
      autoCommit = connection.getAutoCommit();
    } catch (SQLException e) {
      throw new StoreException("Enqueueing in a transaction", Certainty.NOT_DONE, e);
    }
    if (autoCommit) {
      throw new InvalidJobException(
          "The current transaction is not one of the DataSource that keeps the jobs, so the job"
              + " would stay if it rolled back: use the transaction manager of that DataSource,"
              + " mark the other DataSource @JobsDataSource, or set"
              + " jobs.enqueue.transaction=ignore");
    }
  }

  private static void afterCommit(Runnable action) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            action.run();
          }
        });
  }
}
