package dev.jobs4j.architecture.planted.core.internal.client;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Each way to ask the machine for the time. */
class Clocks {
  private Clocks() {}

  static class Millis {
    static final String VIOLATES = "8a";

    long run() {
      return System.currentTimeMillis();
    }
  }

  static class Nanos {
    static final String VIOLATES = "8a";

    long run() {
      return System.nanoTime();
    }
  }

  static class NanosReference {
    static final String VIOLATES = "8a";

    LongSupplier run() {
      return System::nanoTime;
    }
  }

  static class Now {
    static final String VIOLATES = "8a";

    Instant run() {
      return Instant.now();
    }
  }

  static class NowReference {
    static final String VIOLATES = "8a";

    Supplier<Instant> run() {
      return Instant::now;
    }
  }

  static class NowInZone {
    static final String VIOLATES = "8a";

    LocalDate run() {
      return LocalDate.now(ZoneOffset.UTC);
    }
  }

  static class SystemClock {
    static final String VIOLATES = "8a";

    Clock run() {
      return Clock.systemUTC();
    }
  }

  static class TickingClock {
    static final String VIOLATES = "8a";

    Clock run() {
      return Clock.tickSeconds(ZoneOffset.UTC);
    }
  }

  static class SystemSource {
    static final String VIOLATES = "8a";

    InstantSource run() {
      return InstantSource.system();
    }
  }
}
