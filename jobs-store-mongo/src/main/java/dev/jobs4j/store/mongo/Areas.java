package dev.jobs4j.store.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import org.bson.Document;

/**
 * The collections of one store. Concerns and codecs are pinned here, so that no setting of the
 * host's client or URL can weaken a write, read from a secondary, or change what a UUID looks like.
 *
 * @param jobs every job in every state, and what is left of a deleted one that still holds its key
 * @param batches one entry for each insert of many that is under way
 * @param engines one entry for each engine that is LIVE, or FENCED and still named by a job
 * @param audit one entry for each thing that an operator did, and their counter
 */
record Areas(
    MongoCollection<Document> jobs,
    MongoCollection<Document> batches,
    MongoCollection<Document> engines,
    MongoCollection<Document> audit) {

  static Areas of(MongoDatabase database, MongoStoreOptions options) {
    return new Areas(
        pinned(database, options, "jobs"),
        pinned(database, options, "batches"),
        pinned(database, options, "engines"),
        pinned(database, options, "audit"));
  }

  private static MongoCollection<Document> pinned(
      MongoDatabase database, MongoStoreOptions options, String name) {
    return database
        .getCollection(options.prefix() + name)
        .withCodecRegistry(PinnedCodec.registry())
        .withWriteConcern(options.writeConcern())
        .withReadConcern(ReadConcern.MAJORITY)
        .withReadPreference(ReadPreference.primary());
  }
}
