package dev.jobs4j.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.SchemaMode;
import dev.jobs4j.tck.BackendConnector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Connects engines to a database by its URL. Each JVM has one pool, as a host has. */
public final class DatabaseConnector implements BackendConnector {

  static final String PREFIX = "engine_";

  private static final Map<String, HikariDataSource> POOLS = new ConcurrentHashMap<>();

  @Override
  public void connect(JobsBuilder builder, Set<JobQueue> queues, List<String> arguments) {
    JdbcStoreOptions options =
        JdbcStoreOptions.builder().tablePrefix(PREFIX).schemaMode(SchemaMode.MIGRATE).build();
    builder.store(JdbcJobStore.of(POOLS.computeIfAbsent(arguments.get(0), Pools::of), options));
  }
}
