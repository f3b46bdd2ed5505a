package dev.jobs4j.simulation;

import dev.jobs4j.core.config.LeaseOptions;
import java.time.Duration;
import java.util.List;

/**
 * What one run is like: how many nodes there are, what they are set to, what is asked of them and
 * how often what goes wrong. Each part is absent from many runs, so that others show in full.
 */
record Swarm(
    int nodes,
    int requests,
    Duration load,
    LeaseOptions lease,
    Duration poll,
    Duration drain,
    Duration interruptGrace,
    int mainSlots,
    int sideSlots,
    double strands,
    Faults faults,
    Duration longestDelay,
    Work work,
    double modern) {

  /** Shares of the calls to the store that go wrong, and how long until something else does. */
  record Faults(
      double refused,
      double lostRequest,
      double lostReply,
      double crashAtCall,
      double errors,
      Duration crash,
      Duration freeze,
      Duration outage,
      Duration jump,
      Duration stop) {

    /** Nothing goes wrong. */
    static final Faults NONE =
        new Faults(
            0,
            0,
            0,
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);
  }

  /** How often, of a hundred, a handler does what; the rest are done at once. */
  record Work(
      int slow,
      int fails,
      int error,
      int hangs,
      int snoozes,
      int releases,
      int retries,
      int rejects,
      int cancels,
      int follows,
      int says) {
    /** All does what it should. */
    static final Work CALM = new Work(20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  static Swarm draw(Chance chance) {
    int lease = chance.pick(List.of(1000, 2000, 4000, 8000));
    return new Swarm(
        chance.between(1, 5),
        chance.between(8, 40),
        chance.millis(8_000, 40_000),
        new LeaseOptions(
            Duration.ofMillis(lease),
            Duration.ofMillis(Math.min(1000, lease / 5)),
            chance.millis(100, 1500),
            chance.millis(400, 2500),
            chance.between(0, 3)),
        chance.millis(200, 1000),
        chance.odds(0.3) ? Duration.ZERO : chance.millis(0, 3 * lease),
        chance.millis(50, 800),
        chance.between(1, 4),
        chance.between(1, 3),
        chance.pick(List.of(0.05, 0.15, 0.4)),
        faults(chance),
        chance.pick(List.of(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(4))),
        work(chance),
        chance.pick(List.of(0.0, 0.5, 1.0)));
  }

  private static Faults faults(Chance chance) {
    if (chance.odds(0.05)) {
      return Faults.NONE;
    }
    return new Faults(
        share(chance),
        share(chance),
        share(chance),
        chance.odds(0.5) ? 0 : 0.004,
        chance.odds(0.7) ? 0 : 0.01,
        gap(chance, 0.6),
        gap(chance, 0.6),
        gap(chance, 0.3),
        gap(chance, 0.4),
        gap(chance, 0.4));
  }

  private static double share(Chance chance) {
    return chance.odds(0.4) ? 0 : chance.pick(List.of(0.005, 0.02, 0.08));
  }

  /** How long from one to the next; zero for never. */
  private static Duration gap(Chance chance, double odds) {
    return chance.odds(odds) ? chance.millis(3_000, 20_000) : Duration.ZERO;
  }

  private static Work work(Chance chance) {
    return new Work(
        part(chance, 60),
        part(chance, 30),
        part(chance, 10),
        part(chance, 10),
        part(chance, 10),
        part(chance, 10),
        part(chance, 10),
        part(chance, 10),
        part(chance, 5),
        part(chance, 15),
        part(chance, 20));
  }

  private static int part(Chance chance, int most) {
    return chance.odds(0.4) ? 0 : chance.between(1, most);
  }
}
