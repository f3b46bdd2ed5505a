package dev.jobs4j.spring;

import dev.jobs4j.api.JobException;
import org.jspecify.annotations.Nullable;

/** The application as it is set up cannot have jobs; {@link JobsFailureAnalyzer} shows the way. */
final class JobsSetupException extends JobException {
  private static final long serialVersionUID = 1L;

  private final String action;

  JobsSetupException(String description, String action) {
    this(description, action, null);
  }

  JobsSetupException(String description, String action, @Nullable Throwable cause) {
    super(description, cause);
    this.action = action;
  }

  /** What to do about it, naming the property or the bean. */
  String action() {
    return action;
  }
}
