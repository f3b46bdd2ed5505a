package dev.jobs4j.architecture.planted.transport.kafka;

import dev.jobs4j.architecture.planted.store.jdbc.JdbcJobStore;
import org.jspecify.annotations.Nullable;

class TableWriter {
  static final String VIOLATES = "3d";

  @Nullable JdbcJobStore field;
}
