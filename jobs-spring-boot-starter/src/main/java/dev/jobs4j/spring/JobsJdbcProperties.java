package dev.jobs4j.spring;

import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an application can set below {@code jobs.jdbc}.
 *
 * @param tablePrefix Beginning of the names of all tables.
 * @param schema Database schema of the tables, which must exist. The connection's own if not set.
 * @param schemaMode What happens to the tables at start.
 * @param history What becomes of jobs that have succeeded.
 * @param archive Whether jobs that are pruned are moved to the archive tables.
 * @param wakeUps When engines in other processes are told of due jobs; PostgreSQL alone.
 */
@ConfigurationProperties("jobs.jdbc")
public record JobsJdbcProperties(
    @DefaultValue("jobs_") String tablePrefix,
    @Nullable String schema,
    @DefaultValue("auto") JdbcStoreOptions.SchemaMode schemaMode,
    @DefaultValue("keep") JdbcStoreOptions.History history,
    @DefaultValue("false") boolean archive,
    @DefaultValue("after-commit") JdbcStoreOptions.WakeUpMode wakeUps) {

  JdbcStoreOptions options() {
    return JdbcStoreOptions.builder()
        .tablePrefix(tablePrefix)
        .schema(schema)
        .schemaMode(schemaMode)
        .history(history)
        .archive(archive)
        .wakeUps(wakeUps)
        .build();
  }
}
