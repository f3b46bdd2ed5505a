package dev.jobs4j.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Connection pools as a host has them. */
final class Pools {

  private Pools() {}

  static HikariDataSource of(String url) {
    return of(url, true);
  }

  static HikariDataSource of(String url, boolean autoCommit) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(20);
    config.setMinimumIdle(2);
    config.setAutoCommit(autoCommit);
    return new HikariDataSource(config);
  }
}
