package dev.jobs4j.simulation;

import java.time.Duration;

/** What becomes of calls between nodes and their store, by lot. */
final class Network {

  /** How a call goes. */
  enum Way {
    /** It arrives, and so does its answer. */
    WELL,
    /** It never leaves. */
    REFUSED,
    /** It never arrives, and its sender cannot tell. */
    LOST_REQUEST,
    /** It takes effect, and its sender never hears of it. */
    LOST_REPLY,
    /** Its process ends before it is sent. */
    CRASH_BEFORE,
    /** Its process ends before its answer comes. */
    CRASH_AFTER,
    /** The driver breaks with an Error. */
    ERROR
  }

  /** One call: how it goes, and how long it takes to arrive and to be answered. */
  record Call(Way way, Duration there, Duration back) {
    boolean takesTime() {
      return !there.isZero() || !back.isZero();
    }
  }

  private final Chance chance;
  private final Swarm swarm;
  private final Figures figures;
  private boolean calm;
  private boolean down;

  Network(Chance chance, Swarm swarm, Figures figures) {
    this.chance = chance;
    this.swarm = swarm;
    this.figures = figures;
  }

  /** From now on everything goes well. */
  void calmDown() {
    calm = true;
    down = false;
  }

  void down(boolean value) {
    down = value && !calm;
  }

  boolean isDown() {
    return down;
  }

  /** Draws how the next call goes. */
  Call call(boolean mayCrash, boolean mayTakeTime) {
    if (calm) {
      return new Call(Way.WELL, Duration.ZERO, Duration.ZERO);
    }
    Way way = way(mayCrash);
    figures.count(way);
    return mayTakeTime
        ? new Call(way, chance.skewed(swarm.longestDelay()), chance.skewed(swarm.longestDelay()))
        : new Call(way, Duration.ZERO, Duration.ZERO);
  }

  private Way way(boolean mayCrash) {
    Swarm.Faults faults = swarm.faults();
    if (chance.odds(faults.refused())) {
      return Way.REFUSED;
    }
    if (chance.odds(faults.lostRequest())) {
      return Way.LOST_REQUEST;
    }
    if (chance.odds(faults.lostReply())) {
      return Way.LOST_REPLY;
    }
    if (mayCrash && chance.odds(faults.crashAtCall())) {
      return chance.odds(0.5) ? Way.CRASH_BEFORE : Way.CRASH_AFTER;
    }
    return chance.odds(faults.errors()) ? Way.ERROR : Way.WELL;
  }
}
