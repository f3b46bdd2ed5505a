package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that has not started in time never starts: it is given up, and told of. */
abstract class ExpiryCases extends StoreCases {

  private static final Duration HOUR = Duration.ofHours(1);

  @BeforeEach
  void canExpire() {
    assumeTrue(can(Capability.EXPIRY), "gives no job up in time");
  }

  private JobId insertExpiring() {
    NewJob job = NewJobs.job().expireAfter(HOUR).build();
    insert(job);
    return job.id();
  }

  private void letExpire() {
    advance(HOUR.plusMinutes(1));
  }

  @Test
  void aJobInTimeIsStarted() {
    JobId id = insertExpiring();
    advance(Duration.ofMinutes(30));

    assertThat(claimOne(engine()).id()).isEqualTo(id);
  }

  @Test
  void anExpiredJobIsNeverStarted() {
    insertExpiring();
    letExpire();

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void expiredJobsDoNotHoldUpTheOthers() {
    insertExpiring();
    insertExpiring();
    JobId lasting = insertOne();
    letExpire();

    assertThat(claim(engine(), 1)).extracting(LeasedJob::id).containsExactly(lasting);
  }

  @Test
  void anExpiredJobBecomesADeadLetter() {
    JobId id = insertExpiring();
    letExpire();

    assertThat(store.expire(10)).containsExactly(id);

    assertThat(state(id)).isEqualTo(JobState.DEAD);
    assertThat(job(id).deadReason()).contains(DeadReason.EXPIRED);
    assertThat(job(id).finishedAt()).isPresent();
    assertThat(job(id).attempt()).isZero();
    assertThat(records().deadLetters(QUEUE, null, 10))
        .extracting(DeadLetter::id, DeadLetter::reason)
        .containsExactly(tuple(id, DeadReason.EXPIRED));
  }

  @Test
  void whatIsInTimeIsNotGivenUp() {
    JobId soon = insertExpiring();
    JobId lasting = insertOne();

    assertThat(store.expire(10)).isEmpty();

    assertThat(state(soon)).isEqualTo(JobState.PENDING);
    assertThat(state(lasting)).isEqualTo(JobState.PENDING);
  }

  @Test
  void aJobIsGivenUpOnce() {
    insertExpiring();
    letExpire();

    assertThat(store.expire(10)).hasSize(1);
    assertThat(store.expire(10)).isEmpty();
  }

  @Test
  void aRunningJobMayFinishLater() {
    JobId id = insertExpiring();
    LeasedJob running = claimOne(engine());
    letExpire();

    assertThat(store.expire(10)).isEmpty();
    settled(running, succeeded());

    assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aRetryThatComesTooLateIsGivenUp() {
    JobId id = insertExpiring();
    LeasedJob running = claimOne(engine());
    letExpire();
    store.expire(10);
    settled(running, retry());

    assertThat(claim(engine(), 10)).isEmpty();
    assertThat(store.expire(10)).containsExactly(id);
    assertThat(job(id).attempt()).isEqualTo(1);
  }

  @Test
  void aWaitingJobExpiresToo() {
    JobId parent = insertOne();
    NewJob child = NewJobs.job().after(parent).expireAfter(HOUR).build();
    insert(child);
    letExpire();

    assertThat(store.expire(10)).containsExactly(child.id());
    settled(claimOne(engine()), succeeded());

    assertThat(state(child.id())).isEqualTo(JobState.DEAD);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void anExpiryStopsAtItsLimit() {
    insertExpiring();
    insertExpiring();
    insertExpiring();
    letExpire();

    assertThat(store.expire(2)).hasSize(2);
    assertThat(store.expire(2)).hasSize(1);
  }

  @Test
  void anInstantIsAnExpiryToo() {
    Instant until = storeNow().plus(HOUR).truncatedTo(ChronoUnit.MILLIS);
    NewJob job = NewJobs.job().expireAt(until).build();
    insert(job);

    assertThat(job(job.id()).expiresAt()).contains(until);
    letExpire();
    assertThat(store.expire(10)).containsExactly(job.id());
  }

  @Test
  void anExpiryCountsFromTheInsert() {
    Instant before = storeNow();
    JobId id = insertExpiring();

    assertThat(job(id).expiresAt().orElseThrow())
        .isAfterOrEqualTo(before.plus(HOUR))
        .isBefore(before.plus(HOUR).plusSeconds(60));
    assertThat(job(insertOne()).expiresAt()).isEmpty();
  }

  @Test
  void aRequeuedJobHasNoExpiry() {
    JobId id = insertExpiring();
    letExpire();
    store.expire(10);

    assertThat(records().requeue(id)).isTrue();

    assertThat(store.expire(10)).isEmpty();
    assertThat(claimOne(engine()).id()).isEqualTo(id);
    assertThat(job(id).expiresAt()).isEmpty();
  }

  @Test
  void anExpiredJobFreesItsKey() {
    NewJob first = NewJobs.job().key("k").expireAfter(HOUR).build();
    insert(first);
    letExpire();
    store.expire(10);
    NewJob second = NewJobs.job().key("k").build();

    assertThat(store.insert(List.of(second))).containsExactly(new Enqueued.Created(second.id()));
  }

  @Test
  void aJobThatWasPutBackIsGivenUpOnce() {
    JobId id = insertExpiring();
    EngineId engine = engine();
    for (int i = 0; i < 3; i++) {
      settled(claimOne(engine), new Outcome.Released());
    }
    letExpire();

    assertThat(store.expire(10)).containsExactly(id);
  }
}
