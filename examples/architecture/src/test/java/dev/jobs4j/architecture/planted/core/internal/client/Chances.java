package dev.jobs4j.architecture.planted.core.internal.client;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Each way to draw a number that nobody can seed. */
class Chances {
  private Chances() {}

  static class MathRandom {
    static final String VIOLATES = "8b";

    double run() {
      return Math.random();
    }
  }

  static class Local {
    static final String VIOLATES = "8b";

    int run() {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  static class Unseeded {
    static final String VIOLATES = "8b";

    Random run() {
      return new Random();
    }
  }

  static class Splittable {
    static final String VIOLATES = "8b";

    SplittableRandom run() {
      return new SplittableRandom();
    }
  }

  static class Default {
    static final String VIOLATES = "8b";

    RandomGenerator run() {
      return RandomGenerator.getDefault();
    }
  }

  static class RandomId {
    static final String VIOLATES = "8c";

    UUID run() {
      return UUID.randomUUID();
    }
  }
}
