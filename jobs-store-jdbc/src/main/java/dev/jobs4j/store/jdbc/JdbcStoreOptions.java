package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link JdbcJobStore} uses its database. Immutable; take {@link #defaults()} and change what
 * differs.
 *
 * @param tablePrefix what the names of all tables begin with: a letter or underscore, then at most
 *     30 letters, digits and underscores
 * @param schema the database schema of the tables (MariaDB and MySQL: the database), which must
 *     exist; null leaves it to the connection
 * @param schemaMode what happens to the tables at start
 * @param history what becomes of jobs that have succeeded
 * @param archive whether jobs that are pruned are moved to the archive tables ({@code
 *     jobs_archive}, {@code jobs_archive_attempt}), which the library never reads nor shortens
 * @param wakeUps when engines in other processes are told of due jobs; PostgreSQL alone, elsewhere
 *     they find them at their next poll
 */
public record JdbcStoreOptions(
    String tablePrefix,
    @Nullable String schema,
    SchemaMode schemaMode,
    History history,
    boolean archive,
    WakeUpMode wakeUps) {

  /** What happens to the tables when a store starts. */
  public enum SchemaMode {
    /** {@link #MIGRATE} for an H2 inside this JVM, {@link #VALIDATE} for everything else. */
    AUTO,
    /** Creates and updates them; several nodes may start at once. */
    MIGRATE,
    /** Checks that they are there and of the right version. */
    VALIDATE,
    /** Trusts that they are right. */
    NONE
  }

  /** What becomes of jobs that have succeeded. */
  public enum History {
    /** Kept, with their results, until they are pruned. */
    KEEP,
    /**
     * Deleted as they succeed. An id is then known only while its job lives, a repeated enqueue of
     * it runs again, and a job that waits for it must be stored before it succeeds.
     */
    DELETE
  }

  /** When engines in other processes are told of due jobs, instead of finding them by a poll. */
  public enum WakeUpMode {
    /**
     * As {@link #AFTER_COMMIT}, and within callers' transactions whose commit the store is not told
     * of: one statement more in each enqueue, and such transactions of the whole server commit one
     * after the other.
     */
    ALWAYS,
    /**
     * After each commit that made jobs due and that the store knows of, its own and those of
     * callers who tell it (Spring's, and {@link JdbcJobStore#transaction(java.sql.Connection,
     * java.util.function.Consumer)}); for a queue once in 20 ms at most.
     */
    AFTER_COMMIT,
    /**
     * Nobody is told and nobody listens. For a pooler that shares a connection among transactions
     * (PgBouncer), through which notices do not come.
     */
    NEVER
  }

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,30}");

  /** Checks the names: they become part of statements. */
  public JdbcStoreOptions {
    requireIdentifier("tablePrefix", tablePrefix);
    if (schema != null) {
      requireIdentifier("schema", schema);
    }
    if (archive && history == History.DELETE) {
      throw new InvalidJobException(
          "archive needs history KEEP: with DELETE jobs are gone as they succeed");
    }
  }

  /** Tables {@code jobs_...} in the connection's own schema, history kept. */
  public static JdbcStoreOptions defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  private static void requireIdentifier(String setting, String value) {
    if (!IDENTIFIER.matcher(value).matches()) {
      throw new InvalidJobException(
          setting
              + " must be a letter or underscore, then at most 30 letters, digits or underscores,"
              + " was \""
              + value
              + "\"");
    }
  }

  /** Fills options. Not thread-safe. */
  public static final class Builder {
    private String tablePrefix = "jobs_";
    private @Nullable String schema;
    private SchemaMode schemaMode = SchemaMode.AUTO;
    private History history = History.KEEP;
    private boolean archive;
    private WakeUpMode wakeUps = WakeUpMode.AFTER_COMMIT;

    private Builder() {}

    /** Sets what the names of all tables begin with, {@code jobs_} unless set. */
    public Builder tablePrefix(String value) {
      tablePrefix = value;
      return this;
    }

    /** Sets the database schema of the tables, the connection's own unless set. */
    public Builder schema(@Nullable String value) {
      schema = value;
      return this;
    }

    /** Sets what happens to the tables at start, {@link SchemaMode#AUTO} unless set. */
    public Builder schemaMode(SchemaMode value) {
      schemaMode = value;
      return this;
    }

    /** Sets what becomes of jobs that have succeeded, {@link History#KEEP} unless set. */
    public Builder history(History value) {
      history = value;
      return this;
    }

    /** Sets whether jobs that are pruned are moved to the archive tables, false unless set. */
    public Builder archive(boolean value) {
      archive = value;
      return this;
    }

    /**
     * Sets when other processes are told of due jobs, {@link WakeUpMode#AFTER_COMMIT} unless set.
     */
    public Builder wakeUps(WakeUpMode value) {
      wakeUps = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws InvalidJobException if a name could not stand in a statement, or there is nothing to
     *     archive
     */
    public JdbcStoreOptions build() {
      return new JdbcStoreOptions(tablePrefix, schema, schemaMode, history, archive, wakeUps);
    }
  }
}
