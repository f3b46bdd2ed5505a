package dev.jobs4j.examples.quickstart;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * The H2 file in the output folder. Only one process can have it open, which keeps two runs from
 * working in one folder; when a process dies the system lets go of it.
 */
final class Database implements AutoCloseable {

  private final JdbcConnectionPool pool;

  private Database(JdbcConnectionPool pool) {
    this.pool = pool;
  }

  /**
   * Opens the file, made if it is not there.
   *
   * @throws RunFailedException if another run has it open, or it cannot be opened at all
   */
  static Database open(OutFolder out) {
    // WRITE_DELAY=0: a commit is in the file when it returns, not half a second later.
    // DB_CLOSE_ON_EXIT=FALSE: at Ctrl-C the run closes it, after it has settled its jobs.
    String url = "jdbc:h2:file:" + out.database() + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");
    try (Connection connection = pool.getConnection()) {
      return new Database(pool);
    } catch (SQLException e) {
      pool.dispose();
      throw switch (e.getErrorCode()) {
        case ErrorCode.DATABASE_ALREADY_OPEN_1 ->
            new RunFailedException(
                ExitCode.IN_USE,
                "Another run works in " + out.root() + "; wait for it or name another --out",
                e);
        default ->
            new RunFailedException(
                ExitCode.STOPPED, "Cannot open the job database: " + e.getMessage(), e);
      };
    }
  }

  DataSource dataSource() {
    return pool;
  }

  @Override
  public void close() {
    pool.dispose();
  }
}
