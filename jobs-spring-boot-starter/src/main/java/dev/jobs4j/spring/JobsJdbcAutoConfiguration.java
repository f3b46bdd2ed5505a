package dev.jobs4j.spring;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Keeps the jobs in the application's {@link DataSource}, and lets an enqueue join its
 * transactions. After whatever makes the data source or its tables, under the names of both lines
 * of Boot.
 */
@AutoConfiguration(
    before = JobsAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration",
      "org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration",
      "org.springframework.boot.autoconfigure.liquibase.LiquibaseAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
      "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration"
    })
@ConditionalOnClass({JdbcJobStore.class, DataSourceUtils.class})
@ConditionalOnBean(DataSource.class)
@ConditionalOnBooleanProperty(name = "jobs.enabled", matchIfMissing = true)
@EnableConfigurationProperties({JobsProperties.class, JobsJdbcProperties.class})
public class JobsJdbcAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(JobStore.class)
  @DependsOnDatabaseInitialization
  JdbcJobStore jobsStore(
      JobsJdbcProperties properties,
      @JobsDataSource ObjectProvider<DataSource> marked,
      ObjectProvider<DataSource> dataSources) {
    DataSource dataSource = marked.getIfAvailable(dataSources::getIfUnique);
    if (dataSource == null) {
      throw new JobsSetupException(
          "There are several DataSource beans, and none of them is primary.",
          "Mark the one that keeps the jobs with @JobsDataSource.");
    }
    try {
      return JdbcJobStore.of(unwrapped(dataSource), properties.options());
    } catch (InvalidJobException e) {
      throw new JobsSetupException(
          "The DataSource cannot keep jobs as it is. " + e.getMessage(),
          "The settings are jobs.jdbc.schema-mode (auto, migrate, validate or none),"
              + " jobs.jdbc.table-prefix and jobs.jdbc.schema: set schema-mode to \"migrate\" to have"
              + " the tables made, or run the SQL file that is named above.",
          e);
    }
  }

  /** Bound to the store, not to the data source: an application's own store may have another. */
  @Bean
  @ConditionalOnMissingBean
  EnqueueTransactions jobsEnqueueTransactions(
      ObjectProvider<JobStore> stores, JobsProperties properties, CommitWatch watch) {
    JobsProperties.Joining joining = properties.enqueue().transaction();
    if (joining == JobsProperties.Joining.IGNORE) {
      return EnqueueTransactions.none();
    }
    if (!(stores.getIfUnique() instanceof JdbcJobStore store)) {
      return EnqueueTransactions.of(joining);
    }
    EnqueueTransactions transactions =
        new DataSourceTransactions(unwrapped(store.dataSource()), watch);
    return joining == JobsProperties.Joining.REQUIRE
        ? EnqueueTransactions.required(transactions)
        : transactions;
  }

  @Bean
  @ConditionalOnMissingBean
  static CommitWatch jobsCommitWatch() {
    return new CommitWatch();
  }

  /**
   * Behind such a proxy the store's own commits and rollbacks would be the caller's; Spring binds
   * its transactions to the target too.
   */
  private static DataSource unwrapped(DataSource dataSource) {
    return dataSource instanceof TransactionAwareDataSourceProxy proxy
            && proxy.getTargetDataSource() != null
        ? proxy.getTargetDataSource()
        : dataSource;
  }
}
