package dev.jobs4j.store.mongo;

import static com.mongodb.client.model.Indexes.ascending;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import dev.jobs4j.api.InvalidJobException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;

/** The indexes that the store's queries rely on. The unique one is part of the contract. */
final class MongoIndexes {

  private static final List<IndexModel> JOBS =
      List.of(
          // Serves the claim's order, and holds only what a claim may want: neither a million
          // finished jobs nor a million running ones are in it. The type comes last: jobs of
          // unknown types are passed over inside the index.
          new IndexModel(
              ascending(
                  JobDocument.QUEUE,
                  JobDocument.PRIORITY,
                  JobDocument.RUN_AT,
                  JobDocument.ID,
                  JobDocument.TYPE),
              new IndexOptions()
                  .name("claim")
                  .partialFilterExpression(
                      Filters.eq(JobDocument.STATE, StoredState.PENDING.name()))),
          new IndexModel(
              ascending(JobDocument.HELD_KEY),
              new IndexOptions().name("key").unique(true).sparse(true)),
          sparse("waits", JobDocument.WAITS),
          sparse("engine", JobDocument.ENGINE),
          sparse("batch", JobDocument.BATCH),
          sparse("unfinished", JobDocument.UNFINISHED),
          sparse("fingerprint", JobDocument.FINGERPRINT),
          new IndexModel(
              ascending(JobDocument.QUEUE, JobDocument.STATE, JobDocument.ID),
              new IndexOptions().name("queue")),
          new IndexModel(
              ascending(JobDocument.QUEUE, JobDocument.STATE, JobDocument.FINISHED_AT),
              new IndexOptions().name("ended")));

  private MongoIndexes() {}

  private static IndexModel sparse(String name, String field) {
    return new IndexModel(ascending(field), new IndexOptions().name(name).sparse(true));
  }

  /** Creates what is missing; what is there is left alone. Two nodes may do so at once. */
  static void create(Areas areas) {
    areas.jobs().createIndexes(JOBS);
  }

  /**
   * Looks for each by name.
   *
   * @throws InvalidJobException if one is missing
   */
  static void validate(Areas areas) {
    MongoCollection<Document> jobs = areas.jobs();
    Set<String> missing = new HashSet<>();
    JOBS.forEach(index -> missing.add(index.getOptions().getName()));
    for (Document index : jobs.listIndexes()) {
      missing.remove(index.getString("name"));
    }
    if (!missing.isEmpty()) {
      throw new InvalidJobException(
          "Collection "
              + jobs.getNamespace()
              + " lacks the indexes "
              + missing
              + ": open the store once with MongoStoreOptions.indexes = CREATE, or create them"
              + " beforehand");
    }
  }
}
