package dev.jobs4j.examples.benchmarks.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.examples.benchmarks.database.Database.Product;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** The schema of one contestant, and the pool that leads to it. */
public final class Area implements AutoCloseable {

  private static final int CONNECTIONS = 24;

  /** What a database does for its areas. */
  interface Care {
    /** Brings statistics and free space up to date. */
    void tidy(Area area) throws SQLException;

    /** Lets the server's counters catch up with what the area's connections did. */
    void settleCounts(Area area, HikariDataSource pool) throws SQLException;

    /** Deletes the tables. */
    void drop(Area area) throws SQLException;
  }

  private static final Care NONE =
      new Care() {
        @Override
        public void tidy(Area area) {}

        @Override
        public void settleCounts(Area area, HikariDataSource pool) {}

        @Override
        public void drop(Area area) {}
      };

  private final String name;
  private final Product product;
  private final String url;
  private final Care care;
  private final HikariDataSource pool;

  Area(String name, Product product, String url, Care care) {
    this.name = name;
    this.product = product;
    this.url = url;
    this.care = care;
    pool = pool(url);
  }

  /** An area of another process, which is left as it is. */
  public static Area at(Product product, String url) {
    return new Area("", product, url, NONE);
  }

  /** A pool as every contestant gets it. */
  private static HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    return new HikariDataSource(config);
  }

  /** The schema. */
  public String name() {
    return name;
  }

  /** What it lies in. */
  public Product product() {
    return product;
  }

  /** Where another process finds it. */
  public String url() {
    return url;
  }

  /** Connections to it. */
  public DataSource pool() {
    return pool;
  }

  /** What makes a transaction see the database from then on as it is. */
  public List<String> snapshot() {
    return product == Product.MARIADB
        ? List.of("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        : List.of("SELECT 1");
  }

  /** The present in the time that the columns of the library have. */
  public String now() {
    return product == Product.MARIADB ? "UTC_TIMESTAMP(6)" : "CURRENT_TIMESTAMP";
  }

  /** Runs statements. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The one number that a query answers. */
  public long number(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Brings statistics and free space up to date, so that no run pays for the one before. */
  public void tidy() throws SQLException {
    care.tidy(this);
  }

  /** Lets the server's counters catch up with what was done here. */
  public void settleCounts() throws SQLException {
    care.settleCounts(this, pool);
  }

  @Override
  public void close() throws SQLException {
    try {
      care.drop(this);
    } finally {
      pool.close();
    }
  }
}
