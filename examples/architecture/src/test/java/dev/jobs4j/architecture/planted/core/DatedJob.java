package dev.jobs4j.architecture.planted.core;

import java.util.Date;
import org.jspecify.annotations.Nullable;

class DatedJob {
  static final String VIOLATES = "7";

  @Nullable Date field;
}
