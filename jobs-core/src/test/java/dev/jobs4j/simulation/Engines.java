package dev.jobs4j.simulation;

import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lives of engines, by what was seen at the store's door. */
final class Engines {

  /** One life. */
  private static final class Life {
    final Node node;
    final Duration lease;
    long renewed;
    boolean dead;

    Life(Node node, Duration lease, long renewed) {
      this.node = node;
      this.lease = lease;
      this.renewed = renewed;
    }
  }

  private final Agenda agenda;
  private final Verdict verdict;
  private final Swarm swarm;
  private final Map<EngineId, Life> lives = new LinkedHashMap<>();

  Engines(Agenda agenda, Verdict verdict, Swarm swarm) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.swarm = swarm;
  }

  void registered(EngineInfo engine, Node by) {
    Life before = lives.put(engine.id(), new Life(by, engine.lease(), agenda.nanos()));
    verdict.check(Rule.S10, before == null, () -> engine.id() + " was registered twice");
  }

  void renewed(EngineId engine, boolean alive) {
    Life life = lives.get(engine);
    if (life != null) {
      verdict.check(
          Rule.S10,
          alive != life.dead,
          () -> engine + " of " + life.node + " told alive: " + alive);
      life.renewed = agenda.nanos();
    }
  }

  /** It was given jobs. */
  void used(EngineId engine) {
    verdict.check(Rule.S10, !isDead(engine), () -> "jobs were given to " + engine + ", dead");
  }

  void fenced(EngineId engine) {
    Life life = lives.get(engine);
    verdict.check(Rule.S10, life != null, () -> engine + " was fenced, and nobody knows it");
    if (life == null) {
      return;
    }
    Duration silent = Duration.ofNanos(agenda.nanos() - life.renewed);
    verdict.check(
        Rule.S10,
        !life.dead && silent.compareTo(life.lease.plus(swarm.lease().grace())) > 0,
        () -> engine + " of " + life.node + " was fenced after " + silent);
    verdict.check(
        Rule.S7,
        life.node.hasBeenInTrouble(life.renewed),
        () -> engine + " of " + life.node + " was fenced without a cause, after " + silent);
    life.dead = true;
  }

  void retired(EngineId engine) {
    Life life = lives.get(engine);
    if (life != null) {
      life.dead = true;
    }
  }

  @Nullable Node node(@Nullable EngineId engine) {
    Life life = engine == null ? null : lives.get(engine);
    return life == null ? null : life.node;
  }

  boolean isDead(@Nullable EngineId engine) {
    Life life = engine == null ? null : lives.get(engine);
    return life != null && life.dead;
  }
}
