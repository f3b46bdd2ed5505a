package dev.jobs4j.examples.quickstart;

import java.io.IOException;
import java.nio.file.Path;

/** There is no room for what a job has made. No fault of the job, so it costs it no attempt. */
final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  DiskFullException(Path folder, Throwable cause) {
    super("Disk full: no space left for " + folder, cause);
  }
}
