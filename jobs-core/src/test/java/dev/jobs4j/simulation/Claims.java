package dev.jobs4j.simulation;

import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Pause;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.TokenLease;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What claims give out is due, known where it goes, and within every bound. */
final class Claims {

  private final Agenda agenda;
  private final Verdict verdict;
  private final Ledger ledger;
  private final Swarm swarm;
  private final Map<Pause.Target, Optional<Instant>> pauses = new HashMap<>();

  Claims(Agenda agenda, Verdict verdict, Ledger ledger, Swarm swarm) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.ledger = ledger;
    this.swarm = swarm;
  }

  void paused(Pause.Target target, @Nullable Instant until) {
    pauses.put(target, Optional.ofNullable(until));
  }

  void resumed(Pause.Target target) {
    pauses.remove(target);
  }

  /** A claim of this node has given a job. */
  void claimed(Node by, EngineId engine, LeasedJob given) {
    Instant now = agenda.instant(agenda.nanos());
    Tracked job = ledger.find(given.id());
    verdict.check(Rule.S9, job != null, () -> "given, and nobody has stored it: " + given.id());
    if (job == null) {
      return;
    }
    long token = ((TokenLease) given.lease()).token();
    Supply supply = new Supply(job, given, by);
    verdict.check(Rule.S5, token > job.token, () -> supply + " under the old token " + token);
    verdict.check(
        Rule.S7, job.state == JobState.PENDING, () -> supply + " although it does not wait");
    verdict.check(Rule.S8, !now.isBefore(job.notBefore), () -> supply + " before " + job.notBefore);
    verdict.check(Rule.S8, !isPaused(given, by, now), () -> supply + " while paused " + pauses);
    verdict.check(Rule.S14, by.knows(given.type(), given.typeVersion()), supply::toString);
    Integer own = job.job.maxAttempts();
    int allowed = own == null ? Script.ATTEMPTS : Math.min(own, Script.ATTEMPTS);
    verdict.check(
        Rule.S6,
        given.attempt() == job.attempt + 1 && given.attempt() <= allowed,
        () -> supply + " for attempt " + given.attempt() + " of " + allowed);
    verdict.check(
        Rule.S6,
        job.crashes <= swarm.lease().maxCrashes(),
        () -> supply + " after " + job.crashes + " crashes");
    Tracked before = ledger.passed(job);
    verdict.check(Rule.S13, before == null, () -> supply + " before " + before);
    job.claimed(engine, token, agenda.nanos());
    for (LimitKey key : job.job.limits()) {
      long running = ledger.running(key);
      verdict.check(
          Rule.S13, running <= Load.CAP, () -> supply + ", now " + running + " run of " + key);
    }
  }

  /** For messages. */
  private record Supply(Tracked job, LeasedJob given, Node to) {
    @Override
    public String toString() {
      return job + " was given to " + to;
    }
  }

  private boolean isPaused(LeasedJob job, Node node, Instant now) {
    String tenant = job.tenant();
    return holds(Pause.queue(job.queue().name()), now)
        || holds(Pause.type(job.type()), now)
        || holds(Pause.node(node.name()), now)
        || (tenant != null && holds(Pause.tenant(tenant), now));
  }

  private boolean holds(Pause.Target target, Instant now) {
    Optional<Instant> until = pauses.get(target);
    return until != null && (until.isEmpty() || until.get().isAfter(now));
  }
}
