package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is over is kept as long as is said for its state and queue, and no job waits for it. */
abstract class RetentionCases extends LetterCases {

  private static final Duration DAY = Duration.ofDays(1);
  private static final JobQueue OTHER = JobQueue.of("tck.other");

  private int prune(Retention retention) {
    return store.prune(new PruneRequest(retention, 100));
  }

  /** Attempts are met page by page. */
  private void pruneAttempts(Retention retention) {
    for (int i = 0; i < 5; i++) {
      prune(retention);
    }
  }

  private JobId succeed(JobQueue queue) {
    NewJob job = NewJobs.job().queue(queue).build();
    insert(job);
    ClaimRequest request =
        new ClaimRequest(engine(), UUID.randomUUID(), queue, Map.of(NewJobs.TYPE, 1), 1, true);
    settled(store.claim(request).get(0), succeeded());
    return job.id();
  }

  private JobId cancelled(JobQueue queue) {
    NewJob job = NewJobs.job().queue(queue).build();
    insert(job);
    records().cancel(job.id());
    return job.id();
  }

  private boolean isKept(JobId id) {
    return records().find(id).isPresent();
  }

  /** Fails so often, and is pending again. */
  private JobId failed(int times) {
    JobId id = insertOne();
    fail(id, times);
    return id;
  }

  private void fail(JobId id, int times) {
    for (int i = 0; i < times; i++) {
      for (LeasedJob job : claim(engine(), 100)) {
        settled(job, job.id().equals(id) ? retry() : new Outcome.Released());
      }
    }
  }

  private List<Integer> attempts(JobId id) {
    return records().attempts(id).stream().map(AttemptRecord::attempt).toList();
  }

  @Test
  void eachStateHasARetentionOfItsOwn() {
    JobId succeeded = succeed(QUEUE);
    JobId cancelled = cancelled(QUEUE);
    JobId dead = dead(NewJobs.job());
    Retention retention =
        Retention.of(DAY)
            .keep(JobState.CANCELLED, DAY.multipliedBy(3))
            .keep(JobState.DEAD, DAY.multipliedBy(5));

    advance(DAY.multipliedBy(2));
    prune(retention);
    assertThat(isKept(succeeded)).isFalse();
    assertThat(isKept(cancelled)).isTrue();
    advance(DAY.multipliedBy(2));
    prune(retention);
    assertThat(isKept(cancelled)).isFalse();
    assertThat(isKept(dead)).isTrue();
    advance(DAY.multipliedBy(2));
    prune(retention);
    assertThat(isKept(dead)).isFalse();
  }

  @Test
  void aQueueMayKeepItsJobsLongerOrShorter() {
    JobQueue longer = JobQueue.of("tck.longer");
    JobQueue shorter = JobQueue.of("tck.shorter");
    JobId ordinary = succeed(QUEUE);
    JobId kept = succeed(longer);
    JobId brief = succeed(shorter);
    Retention retention =
        Retention.of(DAY.multipliedBy(3))
            .keep(longer.name(), JobState.SUCCEEDED, DAY.multipliedBy(9))
            .keep(shorter.name(), JobState.SUCCEEDED, DAY);

    advance(DAY.multipliedBy(2));
    prune(retention);
    assertThat(isKept(brief)).isFalse();
    assertThat(isKept(ordinary)).isTrue();
    advance(DAY.multipliedBy(2));
    prune(retention);
    assertThat(isKept(ordinary)).isFalse();
    assertThat(isKept(kept)).isTrue();
  }

  @Test
  void whatAQueueDoesNotSayIsAsElsewhere() {
    JobId succeeded = succeed(OTHER);
    JobId cancelled = cancelled(OTHER);
    advance(DAY.multipliedBy(2));

    prune(Retention.of(DAY).keep(OTHER.name(), JobState.SUCCEEDED, DAY.multipliedBy(9)));

    assertThat(isKept(succeeded)).isTrue();
    assertThat(isKept(cancelled)).isFalse();
  }

  @Test
  void theDeadLettersOfOneQueueMayGo() {
    JobId stays = dead(NewJobs.job());
    JobId goes = dead(NewJobs.job().queue(OTHER));
    advance(DAY.multipliedBy(2));

    prune(Retention.defaults().keep(OTHER.name(), JobState.DEAD, DAY));

    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).containsExactly(stays);
    assertThat(isKept(goes)).isFalse();
    assertThat(attempts(goes)).isEmpty();
  }

  @Test
  void theLimitHoldsForDeadLettersToo() {
    for (int i = 0; i < 5; i++) {
      dead(NewJobs.job());
    }
    advance(DAY.multipliedBy(2));
    Retention retention = Retention.defaults().keep(JobState.DEAD, DAY);

    store.prune(new PruneRequest(retention, 2));
    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).hasSize(3);
    store.prune(new PruneRequest(retention, 2));
    store.prune(new PruneRequest(retention, 2));
    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).isEmpty();
  }

  @Test
  void whatIsKeptForEverStays() {
    JobId succeeded = succeed(QUEUE);
    JobId cancelled = cancelled(QUEUE);
    advance(DAY.multipliedBy(2_000));

    prune(Retention.of(Retention.FOREVER).keep(QUEUE.name(), JobState.CANCELLED, DAY));

    assertThat(isKept(succeeded)).isTrue();
    assertThat(isKept(cancelled)).isFalse();
  }

  @Test
  void ofManyAttemptsTheLastStay() {
    JobId alive = failed(5);

    pruneAttempts(Retention.defaults().keepAttempts(2));

    assertThat(attempts(alive)).containsExactly(4, 5);
    assertThat(state(alive)).isEqualTo(JobState.PENDING);
  }

  @Test
  void theAttemptsOfOneJobDoNotCountForAnother() {
    JobId one = failed(2);
    JobId two = failed(3);

    pruneAttempts(Retention.defaults().keepAttempts(2));

    assertThat(attempts(one)).containsExactly(1, 2);
    assertThat(attempts(two)).containsExactly(2, 3);
  }

  @Test
  void oldAttemptsGo() {
    JobId dead = dead(NewJobs.job());
    JobId alive = failed(2);
    advance(DAY.multipliedBy(2));
    fail(alive, 1);

    pruneAttempts(Retention.defaults().keepAttempts(DAY));

    assertThat(attempts(alive)).containsExactly(3);
    assertThat(attempts(dead)).isEmpty();
    assertThat(letters().find(dead).orElseThrow().failure()).isEqualTo(FAILURE);
  }

  @Test
  void theOldAuditGoes() {
    letters().discard(List.of(dead(NewJobs.job())), OPERATOR);
    letters().discard(List.of(dead(NewJobs.job())), OPERATOR);
    advance(DAY.multipliedBy(2));
    JobId young = dead(NewJobs.job());
    letters().discard(List.of(young), OPERATOR);
    AuditEntry last = letters().audit(null, Long.MAX_VALUE, 1).get(0);

    prune(Retention.defaults().keepAudit(DAY));

    assertThat(letters().audit(null, Long.MAX_VALUE, 10)).containsExactly(last);
  }

  @Test
  void theAuditStaysUnlessItsTimeIsSet() {
    JobId id = dead(NewJobs.job());
    letters().discard(List.of(id), OPERATOR);
    advance(DAY.multipliedBy(2_000));

    prune(Retention.of(Duration.ZERO).keepAttempts(Duration.ZERO));

    assertThat(letters().audit(id, Long.MAX_VALUE, 10)).hasSize(1);
  }

  @Test
  void theAuditCountsOnAfterItsOldestEntriesWent() {
    letters().discard(List.of(dead(NewJobs.job())), OPERATOR);
    long before = letters().audit(null, Long.MAX_VALUE, 1).get(0).number();
    advance(DAY.multipliedBy(2));
    prune(Retention.defaults().keepAudit(DAY));

    letters().discard(List.of(dead(NewJobs.job())), OPERATOR);

    assertThat(letters().audit(null, Long.MAX_VALUE, 10))
        .extracting(AuditEntry::number)
        .allSatisfy(number -> assertThat(number).isGreaterThan(before));
  }

  /** It was requeued while its parent might still have been. */
  private JobId waitingForCancelled() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    insert(child);
    records().cancel(parent);
    if (state(child.id()) == JobState.CANCELLED) {
      records().requeue(child.id());
    }
    assertThat(state(child.id())).isEqualTo(JobState.PENDING);
    assertThat(claim(engine(), 10)).as("it waits").isEmpty();
    return child.id();
  }

  @Test
  void nobodyWaitsForACancelledJobThatIsPruned() {
    JobId child = waitingForCancelled();
    advance(DAY.multipliedBy(2));

    prune(Retention.of(DAY));

    assertThat(state(child)).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void nobodyWaitsForACancelledJobThatIsDeleted() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    insert(child);
    records().cancel(parent);
    records().requeue(child.id());

    records().delete(parent);

    assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void nobodyWaitsForADeadLetterThatIsPruned() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).build();
    NewJob grandchild = NewJobs.job().after(child.id()).build();
    insert(child, grandchild);
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    advance(DAY.multipliedBy(2));
    Retention retention = Retention.of(DAY).keep(JobState.DEAD, DAY);

    prune(retention);
    assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
    advance(DAY.multipliedBy(2));
    prune(retention); // where nobody is taken along, this one meets the cancelled child

    records()
        .find(grandchild.id())
        .ifPresent(job -> assertThat(job.state()).isEqualTo(JobState.CANCELLED));
  }

  @Test
  void aRedrivenLetterIsNotPrunedForItsFormerDeath() {
    JobId id = dead(NewJobs.job());
    advance(DAY.multipliedBy(2));
    redrive(id);

    prune(Retention.of(DAY).keep(JobState.DEAD, DAY));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void redriveAndPrune() throws Exception {
    JobStore other = open();
    PruneRequest request = new PruneRequest(Retention.of(DAY).keep(JobState.DEAD, DAY), 100);
    rounds(
        () -> {
          JobId id = dead(NewJobs.job());
          advance(DAY.multipliedBy(2));
          Race.Both<Redriven, Integer> both =
              Race.both(
                  () -> other.records().letters().redrive(Map.of(id, Duration.ZERO), OPERATOR),
                  () -> store.prune(request));

          assertThat(isKept(id)).isEqualTo(both.first().jobs().contains(id));
          claim(engine(), 10).forEach(job -> settled(job, succeeded()));
        });
  }

  @Test
  void pruneAndPrune() throws Exception {
    JobStore other = open();
    PruneRequest request = new PruneRequest(Retention.of(DAY).keep(JobState.DEAD, DAY), 100);
    rounds(
        () -> {
          List<JobId> ids = insertMany(20);
          claim(engine(), 10).forEach(job -> settled(job, succeeded()));
          ids.forEach(id -> records().cancel(id));
          advance(DAY.multipliedBy(2));
          Race.Both<Integer, Integer> both =
              Race.both(() -> store.prune(request), () -> other.prune(request));

          assertThat(both.first() + both.second()).isEqualTo(20);
          assertThat(ids).noneMatch(this::isKept);
        });
  }
}
