package dev.jobs4j.simulation;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Jobs are taken back from engines that are dead or leave, each crash is counted. */
final class Takeovers {

  private final Agenda agenda;
  private final Verdict verdict;
  private final Ledger ledger;
  private final Engines engines;
  private final Swarm swarm;

  Takeovers(Agenda agenda, Verdict verdict, Ledger ledger, Engines engines, Swarm swarm) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.ledger = ledger;
    this.engines = engines;
    this.swarm = swarm;
  }

  void reaped(ReapRequest request, Reaped reaped) {
    reaped.fenced().forEach(engines::fenced);
    Set<JobId> dead = new HashSet<>(reaped.dead());
    for (JobId id : all(reaped)) {
      Tracked job = ledger.find(id);
      verdict.check(Rule.S10, job != null, () -> "taken back, and unknown: " + id);
      if (job != null) {
        takenBack(job, reaped, dead.contains(id));
      }
    }
    verdict.check(
        Rule.S10,
        request.grace().equals(swarm.lease().grace()),
        () -> "reaped with a grace of " + request.grace());
  }

  private static List<JobId> all(Reaped reaped) {
    List<JobId> all = new ArrayList<>(reaped.returned());
    all.addAll(reaped.dead());
    all.addAll(reaped.cancelled());
    return all;
  }

  private void takenBack(Tracked job, Reaped reaped, boolean dies) {
    verdict.check(
        Rule.S10,
        job.state == JobState.RUNNING && engines.isDead(job.holder),
        () -> job + " was taken back, its engine lives: " + job.holder);
    boolean cancelled = reaped.cancelled().contains(job.id());
    verdict.check(
        Rule.S10,
        cancelled == (job.cancelRequested && !dies),
        () -> job + " was taken back, cancelled: " + cancelled);
    boolean counts = job.suspect && !job.cancelRequested;
    int crashes = job.crashes + (counts ? 1 : 0);
    verdict.check(
        Rule.S6,
        dies == crashes > swarm.lease().maxCrashes(),
        () -> job + " was taken back after " + crashes + " crashes, dead: " + dies);
    JobState next = dies ? JobState.DEAD : cancelled ? JobState.CANCELLED : JobState.PENDING;
    job.takenBack(counts, next, agenda.nanos());
    job.suspect = true;
    ledger.moved(job);
  }

  /** An engine has left in order, what it held waits again. */
  void retired(EngineId engine) {
    engines.retired(engine);
    for (Tracked job : List.copyOf(ledger.living())) {
      if (engine.equals(job.holder)) {
        JobState next = job.cancelRequested ? JobState.CANCELLED : JobState.PENDING;
        job.takenBack(false, next, agenda.nanos());
        ledger.moved(job);
      }
    }
  }
}
