package dev.jobs4j.architecture.planted.spi;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

class LoggingStore {
  static final String VIOLATES = "1";

  @Nullable Logger field;
}
