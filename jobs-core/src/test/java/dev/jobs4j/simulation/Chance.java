package dev.jobs4j.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Everything that is drawn by lot in one run, from one seed. */
final class Chance {

  private final Random random;

  Chance(long seed) {
    // spreads neighbouring seeds over all 64 bits
    long z = (seed + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    random = new Random(z ^ (z >>> 31));
  }

  boolean odds(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  int below(int end) {
    return random.nextInt(end);
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  Duration millis(int least, int most) {
    return Duration.ofMillis(between(least, most));
  }

  /** Mostly near zero, now and then near {@code most}. */
  Duration skewed(Duration most) {
    double share = random.nextDouble();
    return Duration.ofMillis((long) (most.toMillis() * share * share * share));
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A source of its own, for those who draw in an order of their own. */
  Random fork() {
    return new Random(random.nextLong());
  }

  long seed() {
    return random.nextLong();
  }
}
