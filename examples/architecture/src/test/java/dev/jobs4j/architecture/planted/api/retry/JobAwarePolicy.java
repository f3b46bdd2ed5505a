package dev.jobs4j.architecture.planted.api.retry;

import dev.jobs4j.architecture.planted.api.Job;
import org.jspecify.annotations.Nullable;

class JobAwarePolicy {
  static final String VIOLATES = "4";

  @Nullable Job field;
}
