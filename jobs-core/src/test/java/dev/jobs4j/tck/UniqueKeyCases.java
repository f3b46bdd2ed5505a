package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At most one live job holds a key; a window holds it longer than its job lives. */
abstract class UniqueKeyCases extends StoreCases {

  private static final Duration HOUR = Duration.ofHours(1);

  private JobId insertKeyed(String key) {
    return insertKeyed(key, Duration.ZERO);
  }

  private JobId insertKeyed(String key, Duration window) {
    NewJob job = NewJobs.job().key(key, window).build();
    assertThat(store.insert(List.of(job))).containsExactly(new Enqueued.Created(job.id()));
    return job.id();
  }

  private void assertTaken(String key, JobId holder) {
    NewJob second = NewJobs.job().key(key).build();
    assertThat(store.insert(List.of(second))).containsExactly(new Enqueued.Existing(holder));
    assertThat(records().find(second.id())).isEmpty();
  }

  @Test
  void aTakenKeyKeepsASecondJobOut() {
    JobId first = insertKeyed("k");

    assertTaken("k", first);
  }

  @Test
  void aKeyHoldsAcrossQueuesAndTypes() {
    JobId first = insertKeyed("k");
    NewJob second = NewJobs.job().queue(JobQueue.of("other")).type("other").key("k").build();

    assertThat(store.insert(List.of(second))).containsExactly(new Enqueued.Existing(first));
  }

  @Test
  void aKeyTakenTwiceInOneInsertIsGivenOnce() {
    NewJob first = NewJobs.job().key("k").build();
    NewJob second = NewJobs.job().key("k").build();

    assertThat(store.insert(List.of(first, second)))
        .containsExactly(new Enqueued.Created(first.id()), new Enqueued.Existing(first.id()));
    assertThat(records().find(second.id())).isEmpty();
  }

  @Test
  void aTakenKeyDoesNotKeepTheOthersOfItsInsertOut() {
    JobId holder = insertKeyed("k");
    NewJob first = NewJobs.job().key("l").build();
    NewJob last = NewJobs.job().build();

    assertThat(store.insert(List.of(first, NewJobs.job().key("k").build(), last)))
        .containsExactly(
            new Enqueued.Created(first.id()),
            new Enqueued.Existing(holder),
            new Enqueued.Created(last.id()));
  }

  @Test
  void aKeyIsTakenWhileItsJobRuns() {
    JobId first = insertKeyed("k");
    claimOne(engine());

    assertTaken("k", first);
  }

  @Test
  void aKeyIsTakenWhileItsJobWaitsForARetry() {
    JobId first = insertKeyed("k");
    settled(claimOne(engine()), new Outcome.Retry(HOUR, FAILURE));

    assertTaken("k", first);
  }

  @Test
  void aKeyStaysTakenWhenItsJobIsTakenBack() {
    JobId first = insertKeyed("k");
    claimOne(engine());
    expireEngines();
    reap();

    assertTaken("k", first);
  }

  @Test
  void aKeyIsFreeWhenItsJobHasSucceeded() {
    insertKeyed("k");
    settled(claimOne(engine()), succeeded());

    insertKeyed("k");
  }

  @Test
  void aKeyIsFreeWhenItsJobHasDied() {
    insertKeyed("k");
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    insertKeyed("k");
  }

  @Test
  void aKeyIsFreeWhenItsJobWasCalledOff() {
    records().cancel(insertKeyed("k"));

    insertKeyed("k");
  }

  @Test
  void aWindowHoldsTheKeyBeyondTheEndOfItsJob() {
    JobId first = insertKeyed("k", HOUR);
    settled(claimOne(engine()), succeeded());
    advance(Duration.ofMinutes(50));

    assertTaken("k", first);
  }

  @Test
  void aWindowCountsFromEnqueueNotFromTheEnd() {
    insertKeyed("k", HOUR);
    advance(Duration.ofMinutes(50));
    settled(claimOne(engine()), succeeded());
    advance(Duration.ofMinutes(11));

    insertKeyed("k");
  }

  @Test
  void aKeyOutlivesTheRowOfItsJob() {
    JobId first = insertKeyed("k", HOUR);
    settled(claimOne(engine()), succeeded());
    advance(Duration.ofMinutes(30));
    prune(Duration.ofMinutes(10), 100);
    assertThat(records().find(first)).isEmpty();

    assertTaken("k", first);
  }

  @Test
  void aLiveJobKeepsItsKeyPastItsWindow() {
    JobId first = insertKeyed("k", HOUR);
    advance(Duration.ofHours(2));
    prune(Duration.ZERO, 100);

    assertTaken("k", first);
  }

  @Test
  void aKeyIsTakenAgainByTheNextJob() {
    insertKeyed("k");
    settled(claimOne(engine()), succeeded());
    JobId second = insertKeyed("k");

    assertTaken("k", second);
  }

  @Test
  void keysDifferByCaseAccentAndTrailingSpace() {
    for (String key : List.of("key", "KEY", "ke\u0301y", "k\u00e9y", "key ", " key", "key\t")) {
      insertKeyed(key);
    }
    assertThat(claim(engine(), 100)).hasSize(7);
  }

  @Test
  void theLongestKeysDifferInTheirLastCharacter() {
    String start = "\uD83D\uDE80".repeat(99);
    JobId first = insertKeyed(start + "ab");
    insertKeyed(start + "ac");

    assertTaken(start + "ab", first);
  }

  @Test
  void aRequeuedJobTakesItsKeyAgain() {
    JobId first = insertKeyed("k");
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    assertThat(records().requeue(first)).isTrue();

    assertTaken("k", first);
  }

  @Test
  void aJobIsNotRequeuedWhileAnotherHoldsItsKey() {
    JobId first = insertKeyed("k");
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    JobId second = insertKeyed("k");

    assertThat(records().requeue(first)).isFalse();

    assertThat(state(first)).isEqualTo(JobState.DEAD);
    assertThat(claimOne(engine()).id()).isEqualTo(second);
  }
}
