package dev.jobs4j.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows a dead letter is stored with it, however the letter is made. */
abstract class BurialCases extends StoreCases {

  private final List<DeadLetter> told = new ArrayList<>();

  /** The store without a rule. */
  private JobStore plain;

  @BeforeEach
  void followLetters() {
    assumeTrue(can(Capability.FOLLOW_UP), "stores nothing with a dead letter");
    told.clear();
    plain = store;
    store = plain.following((letter, token) -> List.of(follower(letter, token)));
  }

  private NewJob follower(DeadLetter letter, long token) {
    told.add(letter);
    return NewJobs.job().id(idOf(letter.id(), token)).tenant("of " + letter.reason()).build();
  }

  private static JobId idOf(JobId dead, long token) {
    return new JobId(UUID.nameUUIDFromBytes((dead + "#" + token).getBytes(UTF_8)));
  }

  private static Outcome dead(DeadReason reason) {
    return new Outcome.Dead(reason, FAILURE);
  }

  private LeasedJob running() {
    insertOne();
    return claimOne(engine());
  }

  /** The one job that follows the death of this one under its present token. */
  private void assertFollowed(JobId id, DeadReason reason) {
    assertThat(state(id)).isEqualTo(JobState.DEAD);
    LeasedJob follower = claimOne(engine());
    assertThat(follower.id()).isEqualTo(idOf(id, job(id).token()));
    assertThat(follower.tenant()).isEqualTo("of " + reason);
  }

  private void assertNothingFollows() {
    advance(Duration.ofDays(1));
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aDeathIsFollowed() {
    LeasedJob job = running();

    settled(job, dead(DeadReason.REJECTED));

    assertFollowed(job.id(), DeadReason.REJECTED);
  }

  @Test
  void theLastAttemptIsFollowed() {
    insert(NewJobs.job().maxAttempts(1).build());
    LeasedJob job = claimOne(engine());

    settled(job, retry());

    assertFollowed(job.id(), DeadReason.EXHAUSTED);
  }

  @Test
  void aCrashLoopIsFollowed() {
    JobId id = insertOne();
    for (int crash = 0; crash <= 4; crash++) {
      claimOne(engine());
      expireEngines();
      reap();
    }

    assertFollowed(id, DeadReason.CRASH_LOOP);
  }

  @Test
  void anExpiryIsFollowed() {
    assumeTrue(can(Capability.EXPIRY), "expires nothing");
    NewJob late = NewJobs.job().expireAfter(Duration.ofMinutes(1)).build();
    insert(late);
    advance(Duration.ofMinutes(2));

    assertThat(store.expire(10)).containsExactly(late.id());

    assertFollowed(late.id(), DeadReason.EXPIRED);
  }

  @Test
  void theRuleIsToldAllOfTheLetter() {
    insert(
        NewJobs.job()
            .payload(new Payload("json", "\"p\"".getBytes(UTF_8)))
            .typeVersion(1)
            .tenant("acme")
            .tags("a", "b")
            .build());
    LeasedJob job = claimOne(engine());
    settled(job, dead(DeadReason.NON_RETRYABLE));

    DeadLetter letter = told.get(told.size() - 1);
    DeadLetter kept = records().letters().find(job.id()).orElseThrow();
    assertThat(letter.id()).isEqualTo(job.id());
    assertThat(letter.type()).isEqualTo(NewJobs.TYPE);
    assertThat(letter.queue()).isEqualTo(QUEUE);
    assertThat(letter.reason()).isEqualTo(DeadReason.NON_RETRYABLE);
    assertThat(letter.failure()).isEqualTo(FAILURE);
    assertThat(letter.attempt()).isEqualTo(1);
    assertThat(letter.payload()).isEqualTo("\"p\"".getBytes(UTF_8));
    assertThat(letter.codec()).isEqualTo("json");
    assertThat(letter.tenant()).contains("acme");
    assertThat(letter.tags()).containsExactlyInAnyOrder("a", "b");
    assertThat(letter.fingerprint()).isEqualTo(kept.fingerprint());
    assertThat(letter.diedAt()).isEqualTo(kept.diedAt());
  }

  @Test
  void whatIsTriedAgainIsNotFollowed() {
    LeasedJob job = running();

    settled(job, new Outcome.Retry(Duration.ofDays(9), FAILURE));

    assertNothingFollows();
  }

  @Test
  void whatSucceedsOrIsCalledOffIsNotFollowed() {
    settled(running(), succeeded());
    settled(running(), new Outcome.Cancelled());

    assertNothingFollows();
  }

  @Test
  void aCrashThatIsNoLoopIsNotFollowed() {
    JobId id = insertOne();
    claimOne(engine());
    expireEngines();
    reap();

    assertThat(claimOne(engine()).id()).isEqualTo(id);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aLostLeaseIsNotFollowed() {
    LeasedJob zombie = running();
    expireEngines();
    reap();
    settled(claimOne(engine()), new Outcome.Retry(Duration.ofDays(9), FAILURE));

    assertThat(settle(zombie, dead(DeadReason.REJECTED))).hasSize(1);

    assertNothingFollows();
  }

  @Test
  void aRepeatedSettlementIsFollowedOnce() {
    LeasedJob job = running();
    settled(job, dead(DeadReason.REJECTED));

    assertThat(settle(job, dead(DeadReason.REJECTED))).hasSize(1);

    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void eachDeathOfAJobIsFollowed() {
    LeasedJob job = running();
    settled(job, dead(DeadReason.REJECTED));
    assertFollowed(job.id(), DeadReason.REJECTED);
    assertThat(records().requeue(job.id())).isTrue();

    settled(claimOne(engine()), dead(DeadReason.EXHAUSTED));

    assertFollowed(job.id(), DeadReason.EXHAUSTED);
  }

  @Test
  void eachDeathOfABatchIsFollowed() {
    insertMany(3);
    List<LeasedJob> jobs = claim(engine(), 3);

    assertThat(
            settleAll(
                new Settlement(jobs.get(0).lease(), dead(DeadReason.REJECTED)),
                new Settlement(jobs.get(1).lease(), succeeded()),
                new Settlement(jobs.get(2).lease(), dead(DeadReason.DECODE))))
        .isEmpty();

    assertThat(claim(engine(), 10))
        .extracting(LeasedJob::tenant)
        .containsExactlyInAnyOrder("of REJECTED", "of DECODE");
  }

  @Test
  void aJobThatFollowedMayBeFollowedItself() {
    settled(running(), dead(DeadReason.REJECTED));
    LeasedJob follower = claimOne(engine());

    settled(follower, dead(DeadReason.EXHAUSTED));

    assertFollowed(follower.id(), DeadReason.EXHAUSTED);
  }

  @Test
  void whatCannotBeStoredDoesNotKeepTheLetterFromBeingMade() {
    LeasedJob job = running();
    store =
        plain.following((letter, token) -> List.of(NewJobs.job().tenant("t".repeat(200)).build()));

    settled(job, dead(DeadReason.REJECTED));

    assertThat(state(job.id())).isEqualTo(JobState.DEAD);
  }

  @Test
  void aNodeThatDoesNotKnowTheRuleFollowsNothing() {
    LeasedJob job = running();

    assertThat(plain.settle(List.of(new Settlement(job.lease(), dead(DeadReason.REJECTED)))))
        .isEmpty();

    assertThat(state(job.id())).isEqualTo(JobState.DEAD);
    assertNothingFollows();
  }

  @Test
  void everyNodeSeesWhatFollows() {
    LeasedJob job = running();
    settled(job, dead(DeadReason.REJECTED));

    assertThat(open().records().find(idOf(job.id(), job(job.id()).token()))).isPresent();
    assertThat(plain.records().find(job.id())).isPresent();
  }
}
