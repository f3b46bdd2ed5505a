package dev.jobs4j.store.mongo;

import com.mongodb.WriteConcern;
import dev.jobs4j.api.InvalidJobException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * How a {@link MongoJobStore} uses its database. Immutable; take {@link #defaults()} and change
 * what differs.
 *
 * @param prefix starts the names of its collections: 1 to 48 of {@code A-Z a-z 0-9 _}, not starting
 *     with a digit
 * @param indexes whether it creates missing indexes or only checks for them
 * @param writeConcern {@code majority} and journaled, with a timeout of the host's choice; anything
 *     weaker is refused, because an election could roll an acknowledged claim or outcome back
 */
public record MongoStoreOptions(String prefix, Indexes indexes, WriteConcern writeConcern) {

  /** What to do about indexes when the store is opened. */
  public enum Indexes {
    /** Create what is missing. */
    CREATE,
    /** Fail if one is missing; the message names it. */
    VALIDATE
  }

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,47}");

  /** Checks the values. */
  public MongoStoreOptions {
    Objects.requireNonNull(indexes, "indexes");
    if (!PREFIX.matcher(prefix).matches()) {
      throw new InvalidJobException(
          "MongoStoreOptions.prefix must be 1 to 48 of A-Z a-z 0-9 _ and not start with a digit,"
              + " was \""
              + prefix
              + "\"");
    }
    if (!"majority".equals(writeConcern.getWObject())
        || !Boolean.TRUE.equals(writeConcern.getJournal())) {
      throw new InvalidJobException(
          "MongoStoreOptions.writeConcern must be w=majority with journal=true, or an election may"
              + " roll back an acknowledged job; was "
              + writeConcern);
    }
  }

  /** Prefix {@code jobs4j_}, missing indexes are created, 30 s for the majority to answer. */
  public static MongoStoreOptions defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Fills the options. Not thread-safe. */
  public static final class Builder {
    private String prefix = "jobs4j_";
    private Indexes indexes = Indexes.CREATE;
    private WriteConcern writeConcern =
        WriteConcern.MAJORITY.withJournal(true).withWTimeout(30, TimeUnit.SECONDS);

    private Builder() {}

    /** Sets what the names of the collections start with. */
    public Builder prefix(String value) {
      prefix = value;
      return this;
    }

    /** Sets whether missing indexes are created. */
    public Builder indexes(Indexes value) {
      indexes = value;
      return this;
    }

    /** Sets how writes are acknowledged: majority and journaled, with another timeout. */
    public Builder writeConcern(WriteConcern value) {
      writeConcern = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws InvalidJobException if a value is refused; the message names it
     */
    public MongoStoreOptions build() {
      return new MongoStoreOptions(prefix, indexes, writeConcern);
    }
  }
}
