package dev.jobs4j.architecture.planted.api.event;

import dev.jobs4j.architecture.planted.spi.JobStore;
import org.jspecify.annotations.Nullable;

class StoreEvent {
  static final String VIOLATES = "2a";

  @Nullable JobStore field;
}
