package dev.jobs4j.architecture.planted.store.jdbc;

import dev.jobs4j.architecture.planted.store.mongo.MongoJobStore;
import org.jspecify.annotations.Nullable;

class MongoBorrower {
  static final String VIOLATES = "3a";

  @Nullable MongoJobStore field;
}
