package dev.jobs4j.architecture.planted.spring;

import dev.jobs4j.architecture.planted.core.internal.worker.Worker;
import org.jspecify.annotations.Nullable;

class WorkerBean {
  static final String VIOLATES = "5";

  @Nullable Worker field;
}
