package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a claim on H2 reads and whom it waits for. */
class H2ClaimsTest {

  private HikariDataSource pool;
  private JdbcJobStore store;

  @BeforeEach
  void openStore() {
    pool = Databases.H2.open();
    store = JdbcJobStore.of(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void aClaimGoesOnBehindWhatOthersHold() throws SQLException {
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      jobs.add(Steps.insert(store));
    }
    try (Connection other = pool.getConnection();
        PreparedStatement lock =
            other.prepareStatement("SELECT id FROM jobs_job WHERE id = ? FOR UPDATE")) {
      other.setAutoCommit(false);
      for (JobId held : jobs.subList(0, 3)) {
        lock.setObject(1, held.value());
        lock.executeQuery();
      }

      assertThat(Steps.claim(store, 1)).extracting(LeasedJob::id).containsExactly(jobs.get(3));
      assertThat(Steps.claim(store, 10)).extracting(LeasedJob::id).containsExactly(jobs.get(4));
      other.rollback();
    }
    assertThat(Steps.claim(store, 10)).as("once they are free").hasSize(3);
  }

  @Test
  void aClaimReadsAsManyJobsAsItTakes() throws SQLException {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      jobs.add(Steps.job());
    }
    store.insert(jobs);
    Sql sql = Sql.of(JdbcStoreOptions.defaults(), new H2Dialect(), new H2Dialect().now());
    String due = new H2Claims(new Transactions(pool), sql).statement();
    try (Connection connection = pool.getConnection();
        PreparedStatement explain = connection.prepareStatement("EXPLAIN ANALYZE " + due)) {
      explain.setString(1, Steps.QUEUE.name());
      explain.setInt(2, 0);
      explain.setInt(3, 3);
      explain.setArray(4, connection.createArrayOf("varchar", new Object[] {Steps.TYPE}));
      explain.setArray(5, connection.createArrayOf("varchar", new Object[] {}));
      explain.setArray(6, connection.createArrayOf("varchar", new Object[] {}));
      explain.setInt(7, 10);
      explain.setInt(8, 0);
      try (ResultSet row = explain.executeQuery()) {
        row.next();
        assertThat(row.getString(1))
            .contains("index sorted")
            .contains("JOBS_JOB_CLAIM")
            .contains("scanCount: 10 ");
      }
    }
  }
}
