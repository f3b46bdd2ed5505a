package dev.jobs4j.api;

import java.time.Duration;
import java.time.Instant;

/** When a job may first start. The store's clock decides, never the caller's. */
public sealed interface Due {

  /** After {@code delay} from the moment the store keeps the job; zero means at once. */
  record In(Duration delay) implements Due {
    /** A negative delay is refused. */
    public In {
      if (delay.isNegative()) {
        throw new InvalidJobException("delay must not be negative, was " + delay);
      }
    }
  }

  /** Not before {@code instant}, to the microsecond; one in the past means at once. */
  record At(Instant instant) implements Due {}

  /** At once. */
  static Due now() {
    return new In(Duration.ZERO);
  }
}
