package dev.jobs4j.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Consumer;

/** Connection pools as a host has them. */
final class Pools {

  private Pools() {}

  static HikariDataSource of(String url) {
    return of(url, config -> {});
  }

  static HikariDataSource of(String url, Consumer<HikariConfig> changes) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(20);
    config.setMinimumIdle(2);
    changes.accept(config);
    return new HikariDataSource(config);
  }
}
