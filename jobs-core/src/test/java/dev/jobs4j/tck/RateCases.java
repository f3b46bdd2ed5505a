package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Jobs of a key start no faster than their limit says, and no slower. */
abstract class RateCases extends LimitedCases {

  private static final JobQueue OTHER = JobQueue.of("tck-other");

  @Test
  void aRateLetsItsBurstStartAtOnceAndNoMore() {
    limits().define(JobLimit.rate("api", 1, Duration.ofMinutes(1)).burst(3));
    insertLimited(5, "api/");

    assertThat(claim(engine(), 10)).hasSize(3);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aRateLetsAnotherStartInTime() {
    limits().define(JobLimit.rate("api", 1, Duration.ofMinutes(1)).burst(1));
    insertLimited(3, "api/");
    assertThat(claim(engine(), 10)).hasSize(1);

    advance(Duration.ofSeconds(30));
    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofSeconds(31));
    assertThat(claim(engine(), 10)).hasSize(1);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aRestSavesNoMoreThanTheBurst() {
    limits().define(JobLimit.rate("api", 1, Duration.ofMinutes(1)).burst(2));
    insertLimited(9, "api/");
    assertThat(claim(engine(), 10)).hasSize(2);
    advance(Duration.ofHours(2));

    assertThat(claim(engine(), 10)).hasSize(2);
  }

  @Test
  void aRateCountsStartsHoweverTheyEnd() {
    limits().define(JobLimit.rate("api", 1, Duration.ofMinutes(1)).burst(1));
    insertLimited(1, "api/");
    settled(claimOne(engine()), retry());

    assertThat(claim(engine(), 10)).isEmpty();
    advance(Duration.ofSeconds(61));
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void itTellsWhenARateLetsTheNextOneStart() {
    limits().define(JobLimit.rate("api", 1, Duration.ofMinutes(1)).burst(1));
    insertLimited(2, "api/");
    assertThat(store.opensIn(QUEUE)).as("before anything waits").isEmpty();
    claim(engine(), 10);

    assertThat(store.opensIn(QUEUE))
        .hasValueSatisfying(
            time -> assertThat(time).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60)));
    assertThat(store.opensIn(OTHER)).isEmpty();
  }

  @Test
  void itTellsNoTimeWhereAJobMustEndFirst() {
    limits().define(JobLimit.running("carrier", 1));
    insertLimited(2, "carrier/dhl");
    claim(engine(), 10);

    assertThat(store.opensIn(QUEUE)).isEmpty();
  }

  @Test
  void aChangedRateHoldsAtOnce() {
    limits().define(JobLimit.rate("api", 1, Duration.ofDays(1)).burst(1));
    insertLimited(3, "api/");
    assertThat(claim(engine(), 10)).hasSize(1);
    limits().define(JobLimit.rate("api", 1, Duration.ofDays(1)).burst(1));
    assertThat(claim(engine(), 10)).as("the same again").isEmpty();
    limits().define(JobLimit.rate("api", 100, Duration.ofSeconds(1)).burst(5));

    assertThat(claim(engine(), 10)).hasSize(2);
  }
}
