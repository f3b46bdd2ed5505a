package dev.jobs4j.simulation;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Each settlement is applied if and only if its token is the one that runs. */
final class Settlements {

  /** All of a row that a settlement could change. */
  private record Look(
      @Nullable String row, int attempts, boolean result, @Nullable Object lastFailure) {}

  private final Agenda agenda;
  private final Verdict verdict;
  private final Ledger ledger;
  private final JobRecords rows;
  private final Map<TokenLease, Look> before = new HashMap<>();
  private final Map<JobId, Set<JobState>> settled = new HashMap<>();

  Settlements(Agenda agenda, Verdict verdict, Ledger ledger, JobRecords rows) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.ledger = ledger;
    this.rows = rows;
  }

  /** Looks at the rows whose settlements must change nothing. */
  void before(List<Settlement> settlements) {
    before.clear();
    for (Settlement settlement : settlements) {
      TokenLease lease = (TokenLease) settlement.lease();
      if (!isCurrent(lease)) {
        before.put(lease, look(lease.id()));
      }
    }
  }

  private boolean isCurrent(TokenLease lease) {
    Tracked job = ledger.find(lease.id());
    return job != null && job.isCurrent(lease.token());
  }

  private Look look(JobId id) {
    Job job = rows.find(id).orElse(null);
    if (job == null) {
      return new Look(null, 0, false, null);
    }
    String row =
        String.join(
            " ",
            job.state().toString(),
            Integer.toString(job.attempt()),
            Integer.toString(job.crashes()),
            Long.toString(job.token()),
            job.runAt().toString(),
            Objects.toString(job.finishedAt().orElse(null)),
            Objects.toString(job.deadReason().orElse(null)));
    return new Look(
        row, rows.attempts(id).size(), rows.result(id).isPresent(), job.lastFailure().orElse(null));
  }

  /** What was applied is noted; what was not has changed nothing. */
  void after(List<Settlement> settlements, Collection<?> lost) {
    Set<JobId> moved = new HashSet<>();
    settlements.stream()
        .map(settlement -> (TokenLease) settlement.lease())
        .filter(this::isCurrent)
        .forEach(lease -> moved.add(lease.id()));
    for (Settlement settlement : settlements) {
      TokenLease lease = (TokenLease) settlement.lease();
      boolean held = isCurrent(lease);
      Tracked job = ledger.find(lease.id());
      boolean ends = !lost.contains(lease) && isEnding(settlement.outcome());
      verdict.check(
          Rule.S4,
          job == null || !ends || job.endings == 0,
          () -> job + " has ended, and ends again with " + settlement.outcome());
      verdict.check(
          Rule.S3,
          held != lost.contains(lease),
          () ->
              "outcome of " + lease + " lost: " + lost.contains(lease) + ", the books say " + job);
      if (job != null && held) {
        apply(job, settlement.outcome());
      } else {
        Look look = before.get(lease);
        verdict.check(
            Rule.S3,
            look == null || moved.contains(lease.id()) || look.equals(look(lease.id())),
            () -> "lost outcome " + settlement.outcome() + " of " + lease + " has changed " + job);
        checkFollowers(settlement.outcome());
      }
    }
  }

  private static boolean isEnding(Outcome outcome) {
    return outcome instanceof Outcome.Succeeded
        || outcome instanceof Outcome.Dead
        || outcome instanceof Outcome.Cancelled;
  }

  private void checkFollowers(Outcome lost) {
    if (lost instanceof Outcome.Succeeded done) {
      for (NewJob job : done.follow()) {
        boolean other = ledger.find(job.id()) != null;
        verdict.check(
            Rule.S9,
            other || rows.find(job.id()).isEmpty(),
            () -> "follows a success that was lost: " + job.id());
      }
    }
  }

  private void apply(Tracked job, Outcome outcome) {
    long now = agenda.nanos();
    if (outcome instanceof Outcome.Succeeded done) {
      job.left(JobState.SUCCEEDED, now);
      List<NewJob> follow = new ArrayList<>(done.follow());
      follow.forEach(this::followed);
    } else if (outcome instanceof Outcome.Dead) {
      job.left(JobState.DEAD, now);
    } else if (outcome instanceof Outcome.Cancelled) {
      job.left(JobState.CANCELLED, now);
    } else if (outcome instanceof Outcome.Retry retry) {
      retry(job, retry.delay(), now);
    } else {
      job.attempt--;
      if (outcome instanceof Outcome.Snoozed snoozed) {
        job.suspect = false;
        job.notBefore = agenda.instant().plus(snoozed.delay());
      }
      putBack(job, now);
    }
    settled.computeIfAbsent(job.id(), any -> new HashSet<>()).add(job.state);
    ledger.moved(job);
  }

  private void retry(Tracked job, Duration delay, long now) {
    Integer most = job.job.maxAttempts();
    if (most != null && job.attempt >= most) {
      job.left(JobState.DEAD, now);
    } else {
      job.suspect = false;
      job.notBefore = agenda.instant().plus(delay);
      putBack(job, now);
    }
  }

  private void putBack(Tracked job, long now) {
    job.left(job.cancelRequested ? JobState.CANCELLED : JobState.PENDING, now);
  }

  private void followed(NewJob job) {
    boolean there = rows.find(job.id()).isPresent();
    if (job.uniqueKey() == null || there) {
      verdict.check(Rule.S9, there, () -> "a success has no follower: " + job.id());
      ledger.entered(job);
    }
  }

  boolean hasSettled(JobId id, JobState as) {
    return settled.getOrDefault(id, Set.of()).contains(as);
  }
}
