package dev.jobs4j.examples.quickstart;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The file could be read, but it is no whole picture: trying again would not help. */
final class CorruptPictureException extends IOException {
  private static final long serialVersionUID = 1L;

  CorruptPictureException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
