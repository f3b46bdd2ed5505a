package dev.jobs4j.architecture.planted.store.jdbc;

import dev.jobs4j.architecture.planted.core.JobsBuilder;
import org.jspecify.annotations.Nullable;

class EngineAwareDialect {
  static final String VIOLATES = "2b";

  @Nullable JobsBuilder field;
}
