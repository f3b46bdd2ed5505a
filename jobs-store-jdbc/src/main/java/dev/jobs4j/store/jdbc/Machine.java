package dev.jobs4j.store.jdbc;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What this store takes from the machine it runs on, to space out what it sends. What time it is,
 * what is due and what has expired, the database alone decides.
 *
 * @param nanos measures time, from anywhere
 * @param chance draws a number from 0 to less than 1
 * @param rest sleeps
 */
record Machine(LongSupplier nanos, DoubleSupplier chance, Rest rest) {

  /** Sleeps for so long. */
  @FunctionalInterface
  interface Rest {
    void take(Duration length) throws InterruptedException;
  }

  /** The one we are on. */
  static final Machine OWN =
      new Machine(
          System::nanoTime,
          () -> ThreadLocalRandom.current().nextDouble(),
          length -> Thread.sleep(length.toMillis(), length.toNanosPart() % 1_000_000));
}
