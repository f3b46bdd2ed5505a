package dev.jobs4j.simulation;

import dev.jobs4j.core.config.LeaseOptions;
import java.time.Duration;
import java.util.List;

/**
 * What one run is like: how many nodes there are, what they are set to, what is asked of them and
 * how often what goes wrong. Each part is absent from many runs, so that others show in full.
 *
 * @param nodes how many replicas
 * @param requests how many enqueues
 * @param load how long things are asked for and go wrong
 * @param strands the share of steps that can be interrupted at each call to the store
 * @param modern the share of nodes that know the newer types
 * @param schedules how many calls about recurring jobs
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
    double modern,
    int schedules) {

  /**
   * What must be there in any case for a bug to show; zero is left to chance.
   *
   * @param jumps how often clocks jump
   * @param stops how often a node is stopped
   * @param freezes how often a node is frozen
   * @param errors the share of calls that end in an Error
   * @param drain how long jobs may take to end at a stop, in leases
   * @param schedules how many calls about recurring jobs
   */
  record Habitat(
      Duration jumps, Duration stops, Duration freezes, double errors, int drain, int schedules) {
    static final Habitat ANY = new Habitat(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, 0);

    private static final Duration OFTEN = Duration.ofSeconds(4);

    static Habitat withJumps() {
      return new Habitat(OFTEN, Duration.ZERO, Duration.ZERO, 0, 0, 0);
    }

    /** Jobs may end while their node stops. */
    static Habitat withLongStops() {
      return new Habitat(Duration.ZERO, OFTEN, Duration.ZERO, 0, 3, 0);
    }

    static Habitat withFreezes() {
      return new Habitat(Duration.ZERO, Duration.ZERO, OFTEN, 0, 0, 0);
    }

    static Habitat withErrors() {
      return new Habitat(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0.02, 0, 0);
    }

    static Habitat withSchedules() {
      return new Habitat(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, 14);
    }
  }

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
      Duration stop) {}

  /** How often, of a hundred, a handler does what; the rest are done at once. */
  record Work(
      int brisk,
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
    static final Work CALM = new Work(20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  static Swarm draw(Chance chance, Habitat habitat) {
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
        drain(chance, lease, habitat),
        chance.millis(50, 800),
        chance.between(1, 4),
        chance.between(1, 3),
        chance.pick(List.of(0.05, 0.15, 0.4)),
        faults(chance, habitat),
        chance.pick(List.of(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(4))),
        work(chance),
        chance.pick(List.of(0.0, 0.5, 1.0)),
        Math.max(habitat.schedules(), chance.odds(0.4) ? 0 : chance.between(1, 10)));
  }

  private static Duration drain(Chance chance, int lease, Habitat habitat) {
    Duration drawn = chance.odds(0.3) ? Duration.ZERO : chance.millis(0, 3 * lease);
    return habitat.drain() == 0 ? drawn : Duration.ofMillis((long) habitat.drain() * lease);
  }

  private static Faults faults(Chance chance, Habitat habitat) {
    boolean calm = chance.odds(0.05);
    return new Faults(
        share(chance, calm),
        share(chance, calm),
        share(chance, calm),
        calm || chance.odds(0.5) ? 0 : 0.004,
        Math.max(habitat.errors(), calm || chance.odds(0.7) ? 0 : 0.01),
        gap(chance, calm ? 0 : 0.6, Duration.ZERO),
        gap(chance, calm ? 0 : 0.6, habitat.freezes()),
        gap(chance, calm ? 0 : 0.3, Duration.ZERO),
        gap(chance, calm ? 0 : 0.4, habitat.jumps()),
        gap(chance, calm ? 0 : 0.4, habitat.stops()));
  }

  private static double share(Chance chance, boolean calm) {
    return calm || chance.odds(0.4) ? 0 : chance.pick(List.of(0.005, 0.02, 0.08));
  }

  /** How long from one to the next; zero for never. */
  private static Duration gap(Chance chance, double odds, Duration needed) {
    Duration drawn = chance.odds(odds) ? chance.millis(3_000, 20_000) : Duration.ZERO;
    return needed.isZero() ? drawn : needed;
  }

  private static Work work(Chance chance) {
    return new Work(
        chance.odds(0.6) ? 0 : chance.between(30, 90),
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
