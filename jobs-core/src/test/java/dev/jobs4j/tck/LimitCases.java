package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A job that counts against limits starts once all of them let it, and waits for nobody else. */
abstract class LimitCases extends LimitedCases {

  private static final JobQueue OTHER = JobQueue.of("tck-other");
  private static final LimitKey DHL = new LimitKey("carrier", "dhl");

  private static List<JobId> ids(List<LeasedJob> jobs) {
    return jobs.stream().map(LeasedJob::id).toList();
  }

  private List<LeasedJob> claimFrom(JobQueue queue, int limit) {
    return store.claim(
        new ClaimRequest(engine(), UUID.randomUUID(), queue, Map.of(NewJobs.TYPE, 1), limit, true));
  }

  // rules

  @Test
  void limitsAreKept() {
    JobLimit both = JobLimit.running("b", 3).rate(7, Duration.ofMinutes(1)).burst(5);
    JobLimit rate = JobLimit.rate("a", 3, Duration.ofSeconds(2));
    limits().define(both);
    limits().define(rate);

    assertThat(open().limits().orElseThrow().list()).containsExactly(rate, both);
  }

  @Test
  void aLimitDefinedAgainTakesThePlace() {
    limits().define(JobLimit.running("carrier", 1));
    limits().define(JobLimit.rate("carrier", 3, Duration.ofSeconds(2)));

    assertThat(limits().list()).containsExactly(JobLimit.rate("carrier", 3, Duration.ofSeconds(2)));
  }

  @Test
  void aRemovedLimitIsGone() {
    limits().define(JobLimit.running("carrier", 1));

    assertThat(limits().remove("carrier")).isTrue();
    assertThat(limits().remove("carrier")).isFalse();
    assertThat(limits().list()).isEmpty();
  }

  // ahead of the slots

  @Test
  void noJobWithALimitIsGivenOutBeyondThePlaces() {
    limits().define(JobLimit.running("carrier", 10));
    List<JobId> jobs = insertLimited(4, "carrier/dhl");

    assertThat(ids(claimAhead(2, 8))).containsExactlyElementsOf(jobs.subList(0, 2));
    assertThat(claimAhead(0, 8)).isEmpty();
    assertThat(ids(claimAhead(8, 0))).containsExactlyElementsOf(jobs.subList(2, 4));
  }

  private List<LeasedJob> claimAhead(int places, int ahead) {
    return store.claim(
        new ClaimRequest(
            engine(),
            UUID.randomUUID(),
            QUEUE,
            Map.of(NewJobs.TYPE, 1),
            places + ahead,
            ahead,
            false,
            null));
  }

  // at once

  @Test
  void noMoreRunAtOnceThanTheLimitLets() {
    limits().define(JobLimit.running("carrier", 2));
    List<JobId> jobs = insertLimited(5, "carrier/dhl");

    assertThat(ids(claim(engine(), 10))).containsExactlyElementsOf(jobs.subList(0, 2));
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void noMoreRunAtOnceOverAllClaimsAndQueues() {
    limits().define(JobLimit.running("carrier", 2));
    insertLimited(1, "carrier/dhl");
    insert(
        NewJobs.job().queue(OTHER).limits("carrier/dhl").build(),
        NewJobs.job().queue(OTHER).limits("carrier/dhl").build());

    assertThat(claim(engine(), 1)).hasSize(1);
    assertThat(claimFrom(OTHER, 10)).hasSize(1);
  }

  @Test
  void eachKeyHasItsOwnPermits() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(2, "carrier/dhl");
    insertLimited(2, "carrier/ups");

    assertThat(claim(engine(), 10)).hasSize(2);
  }

  @Test
  void anUnknownLimitHoldsNothingBack() {
    insertLimited(3, "nobody/knows");

    assertThat(claim(engine(), 10)).hasSize(3);
  }

  @Test
  void whatIsHeldBackHoldsNobodyElseUp() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(30, "carrier/dhl");
    JobId free = insertOne();

    assertThat(ids(claim(engine(), 2))).contains(free);
  }

  @Test
  void aSettledJobGivesItsPermitBack() {
    limits().define(JobLimit.running("carrier", 1));
    List<JobId> jobs = insertLimited(4, "carrier/dhl");
    List<Outcome> ends =
        List.of(
            succeeded(),
            new Outcome.Dead(DeadReason.NON_RETRYABLE, FAILURE),
            new Outcome.Cancelled());
    for (int i = 0; i < 3; i++) {
      LeasedJob running = claimOne(engine());
      assertThat(running.id()).isEqualTo(jobs.get(i));
      settled(running, ends.get(i));
    }

    assertThat(claimOne(engine()).id()).isEqualTo(jobs.get(3));
  }

  @Test
  void aJobThatIsPutOffGivesItsPermitBack() {
    limits().define(JobLimit.running("carrier", 1));
    List<JobId> jobs = insertLimited(3, "carrier/dhl");
    settled(claimOne(engine()), new Outcome.Retry(Duration.ofHours(1), FAILURE));
    LeasedJob second = claimOne(engine());
    assertThat(second.id()).isEqualTo(jobs.get(1));
    settled(second, new Outcome.Snoozed(Duration.ofHours(1)));

    assertThat(claimOne(engine()).id()).isEqualTo(jobs.get(2));
  }

  @Test
  void aReleasedJobTakesItsPermitAgain() {
    limits().define(JobLimit.running("carrier", 1));
    List<JobId> jobs = insertLimited(2, "carrier/dhl");
    settled(claimOne(engine()), new Outcome.Released());

    assertThat(claimOne(engine()).id()).isEqualTo(jobs.get(0));
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aLostSettlementGivesNoPermitBack() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(2, "carrier/dhl");
    LeasedJob old = claimOne(engine());
    expireEngines();
    reap();
    claimOne(engine());

    assertThat(settle(old, succeeded())).hasSize(1);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aDeadEnginesPermitsComeBackWithItsJobs() {
    limits().define(JobLimit.running("carrier", 2));
    insertLimited(4, "carrier/dhl");
    assertThat(claim(engine(), 10)).hasSize(2);
    assertThat(claim(engine(), 10)).isEmpty();
    expireEngines();
    assertThat(claim(engine(), 10)).as("before they are taken back").isEmpty();
    reap();

    assertThat(claim(engine(), 10)).hasSize(2);
  }

  @Test
  void aRetiredEnginesPermitsComeBackWithItsJobs() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(2, "carrier/dhl");
    EngineId leaving = engine();
    claimOne(leaving);
    assertThat(claim(engine(), 10)).isEmpty();

    store.retire(leaving);

    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void theMostUrgentOfThoseHeldBackComesFirst() {
    limits().define(JobLimit.running("carrier", 1));
    NewJob low = NewJobs.job().priority(Priority.LOW).limits("carrier/dhl").build();
    NewJob first = NewJobs.job().limits("carrier/dhl").build();
    insert(first);
    LeasedJob running = claimOne(engine());
    insert(low);
    assertThat(claim(engine(), 10)).isEmpty();
    NewJob high = NewJobs.job().priority(Priority.HIGH).limits("carrier/dhl").build();
    insert(high);
    assertThat(claim(engine(), 10)).isEmpty();
    settled(running, succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(high.id());
  }

  @Test
  void anUrgentJobWithoutLimitsComesBeforeOneThatWasHeldBack() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(2, "carrier/dhl");
    LeasedJob running = claimOne(engine());
    assertThat(claim(engine(), 10)).isEmpty();
    NewJob urgent = NewJobs.job().priority(Priority.CRITICAL).build();
    insert(urgent);
    settled(running, succeeded());

    assertThat(ids(claim(engine(), 1))).containsExactly(urgent.id());
  }

  // several limits

  @Test
  void aJobStartsOnceAllItsLimitsLetIt() {
    limits().define(JobLimit.running("carrier", 1));
    limits().define(JobLimit.running("tenant", 1));
    insertLimited(1, "carrier/dhl");
    LeasedJob carrier = claimOne(engine());
    insertLimited(1, "tenant/acme");
    LeasedJob tenant = claimOne(engine());
    JobId both = insertLimited(1, "carrier/dhl", "tenant/acme").get(0);

    assertThat(claim(engine(), 10)).isEmpty();
    settled(carrier, succeeded());
    assertThat(claim(engine(), 10)).isEmpty();
    settled(tenant, succeeded());
    assertThat(claimOne(engine()).id()).isEqualTo(both);
  }

  @Test
  void aJobHeldBackByOneLimitTakesNoPermitOfAnother() {
    limits().define(JobLimit.running("carrier", 1));
    limits().define(JobLimit.running("tenant", 1));
    insertLimited(1, "tenant/acme");
    claimOne(engine());
    insertLimited(3, "carrier/dhl", "tenant/acme");
    JobId other = insertLimited(1, "carrier/dhl").get(0);

    assertThat(claimOne(engine()).id()).isEqualTo(other);
  }

  @Test
  void whatMovesOnToAnotherLimitLetsTheNextOnePass() {
    limits().define(JobLimit.running("a", 1));
    limits().define(JobLimit.running("b", 1));
    insertLimited(1, "a/");
    LeasedJob holdsA = claimOne(engine());
    insertLimited(1, "b/");
    claimOne(engine());
    insertLimited(60, "a/", "b/");
    JobId onlyA = insertLimited(1, "a/").get(0);
    assertThat(claim(engine(), 10)).isEmpty();
    settled(holdsA, succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(onlyA);
  }

  // changes

  @Test
  void aWiderLimitLetsMoreStartAtOnce() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(5, "carrier/dhl");
    assertThat(claim(engine(), 10)).hasSize(1);
    limits().define(JobLimit.running("carrier", 3));

    assertThat(claim(engine(), 10)).hasSize(2);
  }

  @Test
  void aNarrowerLimitLetsNoneStartUntilEnoughHaveEnded() {
    limits().define(JobLimit.running("carrier", 3));
    insertLimited(5, "carrier/dhl");
    List<LeasedJob> running = claim(engine(), 10);
    limits().define(JobLimit.running("carrier", 2));

    settled(running.get(0), succeeded());
    assertThat(claim(engine(), 10)).isEmpty();
    settled(running.get(1), succeeded());
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void aRemovedLimitLetsAllStart() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(5, "carrier/dhl");
    assertThat(claim(engine(), 10)).hasSize(1);
    limits().remove("carrier");

    assertThat(claim(engine(), 10)).hasSize(4);
  }

  // what is to be seen

  @Test
  void whatIsHeldBackSaysSo() {
    limits().define(JobLimit.running("carrier", 1));
    List<JobId> jobs = insertLimited(3, "carrier/dhl");
    claim(engine(), 10);

    assertThat(job(jobs.get(0)).blockReason()).isEmpty();
    assertThat(job(jobs.get(1)).blockReason()).contains(BlockReason.LIMIT);
    assertThat(job(jobs.get(1)).state()).isEqualTo(JobState.PENDING);
    assertThat(limits().use(DHL)).isEqualTo(new LimitUse(DHL, 1, 2));
    assertThat(limits().use(new LimitKey("carrier", "ups")))
        .isEqualTo(new LimitUse(new LimitKey("carrier", "ups"), 0, 0));
  }

  @Test
  void whatIsHeldBackCanBeCancelled() {
    limits().define(JobLimit.running("carrier", 1));
    List<JobId> jobs = insertLimited(3, "carrier/dhl");
    LeasedJob running = claimOne(engine());

    assertThat(records().cancel(jobs.get(1))).isEqualTo(Cancellation.CANCELLED);
    settled(running, succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(jobs.get(2));
  }

  @Test
  void whatIsHeldBackExpires() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(1, "carrier/dhl");
    LeasedJob running = claimOne(engine());
    NewJob late = NewJobs.job().limits("carrier/dhl").expireAfter(Duration.ofMinutes(1)).build();
    insert(late);
    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofMinutes(2));

    assertThat(store.expire(10)).containsExactly(late.id());
    settled(running, succeeded());
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aJobOfTheDeadCountsAgainOnceItIsRequeued() {
    limits().define(JobLimit.running("carrier", 1));
    List<JobId> jobs = insertLimited(2, "carrier/dhl");
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.NON_RETRYABLE, FAILURE));
    claimOne(engine());
    assertThat(records().requeue(jobs.get(0))).isTrue();

    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void anUnknownTypeHeldBackKeepsNoPermitFromTheOthers() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(1, "carrier/dhl");
    LeasedJob running = claimOne(engine());
    NewJob unknown = NewJobs.job().type("tck.unknown").limits("carrier/dhl").build();
    insert(unknown);
    store.claim(
        new ClaimRequest(engine(), UUID.randomUUID(), QUEUE, Map.of("tck.unknown", 1), 10, true));
    JobId known = insertLimited(1, "carrier/dhl").get(0);
    assertThat(claim(engine(), 10)).isEmpty();
    settled(running, succeeded());

    assertThat(claimOne(engine()).id()).isEqualTo(known);
  }
}
