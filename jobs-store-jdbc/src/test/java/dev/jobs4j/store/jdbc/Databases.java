package dev.jobs4j.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Every kind of database that the tests of this package run on, each time without our tables. */
enum Databases {
  H2 {
    @Override
    String url() {
      return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    }
  },
  POSTGRES_15 {
    @Override
    String url() {
      return PostgresServer.V15.url();
    }
  },
  POSTGRES_18 {
    @Override
    String url() {
      return PostgresServer.V18.url();
    }
  },
  MARIADB {
    @Override
    String url() {
      return MySqlDriver.MARIADB.url();
    }
  },
  MARIADB_BY_CONNECTOR_J {
    @Override
    String url() {
      return MySqlDriver.CONNECTOR_J.url();
    }
  };

  private static final AtomicInteger prefixes = new AtomicInteger();

  abstract String url();

  HikariDataSource open() {
    return Pools.of(url());
  }

  /** Options for tables that nobody has used yet. */
  static JdbcStoreOptions.Builder unusedTables() {
    return JdbcStoreOptions.builder().tablePrefix("t" + prefixes.incrementAndGet() + "_");
  }

  static JdbcStoreOptions newTables() {
    return unusedTables().schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE).build();
  }

  /** As {@link SchemaMigrator#script} knows it. */
  String scriptName() {
    return isMySql() ? "mariadb" : folder();
  }

  /** Where its schema files are. */
  String folder() {
    return isMySql() ? "mysql" : this == H2 ? "h2" : "postgresql";
  }

  String dropSchema(String name) {
    return "DROP SCHEMA " + name + (isMySql() ? "" : " CASCADE");
  }

  private boolean isMySql() {
    return this == MARIADB || this == MARIADB_BY_CONNECTOR_J;
  }
}
