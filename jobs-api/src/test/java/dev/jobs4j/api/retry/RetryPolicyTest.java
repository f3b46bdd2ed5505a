package dev.jobs4j.api.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.retry.RetryDecision.Exhausted;
import dev.jobs4j.api.retry.RetryDecision.NotRetryable;
import dev.jobs4j.api.retry.RetryDecision.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

  private static final Duration YOUNG = Duration.ZERO;
  private final Exception error = new IOException("x");
  private static final RetryPolicy THREE =
      RetryPolicy.of(3, Backoff.constant(Duration.ofSeconds(10))).withJitter(0);

  private static RetryDecision after(Duration delay) {
    return new RetryAfter(delay);
  }

  @Test
  void theLastAttemptIsFollowedByNone() {
    assertThat(THREE.decide(2, YOUNG, error, 0)).isEqualTo(after(Duration.ofSeconds(10)));
    assertThat(THREE.decide(3, YOUNG, error, 0)).isEqualTo(new Exhausted());
    assertThat(RetryPolicy.never().decide(1, YOUNG, error, 0)).isEqualTo(new Exhausted());
  }

  @Test
  void anErrorThatIsNotTriedAgainSaysSoAlsoAtTheLastAttempt() {
    RetryPolicy policy = THREE.withAbortOn(Set.of(IOException.class));
    assertThat(policy.decide(1, YOUNG, error, 0)).isEqualTo(new NotRetryable());
    assertThat(policy.decide(3, YOUNG, error, 0)).isEqualTo(new NotRetryable());
  }

  @Test
  void noAttemptBeginsBeyondTheAge() {
    RetryPolicy policy = THREE.withMaxAge(Duration.ofMinutes(1));
    assertThat(policy.decide(1, Duration.ofSeconds(50), error, 0))
        .isEqualTo(after(Duration.ofSeconds(10)));
    assertThat(policy.decide(1, Duration.ofSeconds(50).plusNanos(1), error, 0))
        .isEqualTo(new Exhausted());
    assertThat(policy.maxAge()).contains(Duration.ofMinutes(1));
    assertThat(THREE.maxAge()).isEmpty();
  }

  @Test
  void whatTheHandlerAsksForCountsAsAnAttemptAndAges() {
    Duration hour = Duration.ofHours(1);
    assertThat(THREE.decide(2, YOUNG, hour)).isEqualTo(after(hour));
    assertThat(THREE.decide(3, YOUNG, hour)).isEqualTo(new Exhausted());
    assertThat(THREE.withMaxAge(Duration.ofMinutes(59)).decide(1, YOUNG, hour))
        .isEqualTo(new Exhausted());
  }

  /** Any policy, attempt and chance: within the jitter, and no arithmetic breaks. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noDelayLeavesItsJitter(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      Duration delay =
          Duration.ofNanos(random.nextLong(Backoff.LONGEST.toNanos() + 1) >>> random.nextInt(62));
      double jitter = random.nextInt(4) == 0 ? 1 : random.nextDouble();
      double chance = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      int attempt = random.nextInt(Integer.MAX_VALUE - 1) + 1;
      RetryDecision decision =
          RetryPolicy.of(Integer.MAX_VALUE, Backoff.constant(delay))
              .withJitter(jitter)
              .decide(attempt, YOUNG, error, chance);
      double nanos = ((RetryAfter) decision).delay().toNanos();
      assertThat(nanos)
          .as("delay=%s jitter=%s chance=%s", delay, jitter, chance)
          .isBetween(
              Math.max(0, delay.toNanos() * (1 - jitter) * (1 - 1e-9) - 1_000),
              delay.toNanos() * (1 + jitter) * (1 + 1e-9) + 1);
    }
  }

  @Test
  void jitterSpreadsEvenlyOverItsWidth() {
    RetryPolicy policy = THREE.withJitter(0.2);
    assertThat(policy.decide(1, YOUNG, error, 0)).isEqualTo(after(Duration.ofSeconds(8)));
    assertThat(policy.decide(1, YOUNG, error, 0.5)).isEqualTo(after(Duration.ofSeconds(10)));
    assertThat(policy.decide(1, YOUNG, error, 0.75)).isEqualTo(after(Duration.ofSeconds(11)));
    assertThat(((RetryAfter) policy.decide(1, YOUNG, error, Math.nextDown(1.0))).delay())
        .isBetween(Duration.ofMillis(11_999), Duration.ofSeconds(12));
  }

  @Test
  void aBackoffOfTheHostsOwnIsHeldToItsWord() {
    assertThat(own(attempt -> Duration.ofSeconds(Long.MAX_VALUE)).decide(1, YOUNG, error, 0.9))
        .isInstanceOf(RetryAfter.class);
    RetryDecision capped =
        own(attempt -> Duration.ofSeconds(Long.MAX_VALUE)).withJitter(0).decide(1, YOUNG, error, 0);
    assertThat(capped).isEqualTo(after(Duration.ofDays(36_500)));
    assertThatThrownBy(() -> own(attempt -> Duration.ofMillis(-1)).decide(2, YOUNG, error, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("backoff must answer zero or more, answered PT-0.001S after attempt 2");
    assertThatThrownBy(() -> own(attempt -> null).decide(1, YOUNG, error, 0))
        .hasMessageContaining("answered null after attempt 1");
  }

  private static RetryPolicy own(Backoff backoff) {
    return RetryPolicy.of(5, backoff);
  }

  @Test
  void theDelayThatAHandlerAsksForIsCappedLikeAnyOther() {
    assertThat(THREE.decide(1, YOUNG, Duration.ofSeconds(Long.MAX_VALUE)))
        .isEqualTo(after(Duration.ofDays(36_500)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY})
  void jitterThatIsNoShareIsRefused(double jitter) {
    assertThatThrownBy(() -> THREE.withJitter(jitter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jitter must be between 0 and 1, was " + jitter);
  }

  @Test
  void wrongLimitsAreRefusedByName() {
    assertThatThrownBy(() -> THREE.withMaxAttempts(0))
        .hasMessageContaining("maxAttempts must be >= 1, was 0");
    assertThatThrownBy(() -> THREE.withMaxAge(Duration.ZERO))
        .hasMessageContaining("maxAge must be more than 0, was PT0S");
    assertThatThrownBy(() -> THREE.withMaxAge(Duration.ofSeconds(-1)))
        .hasMessageContaining("maxAge must be more than 0, was PT-1S");
  }

  @Test
  void aChangedCopyKeepsTheRest() {
    RetryPolicy policy =
        THREE
            .withMaxAge(Duration.ofDays(1))
            .withAbortIf(error -> false)
            .withRetryIf(error -> true)
            .withAbortOn(Set.of(IOException.class))
            .withRetryOn(Set.of(RuntimeException.class))
            .withMaxAttempts(7)
            .withJitter(0.5);
    assertThat(policy.maxAttempts()).isEqualTo(7);
    assertThat(policy.jitter()).isEqualTo(0.5);
    assertThat(policy.backoff()).isSameAs(THREE.backoff());
    assertThat(policy.maxAge()).contains(Duration.ofDays(1));
    assertThat(policy.errors().abortOn()).containsExactly(IOException.class);
    assertThat(policy.errors().retryOn()).containsExactly(RuntimeException.class);
    assertThat(policy.errors().abortIf()).isPresent();
    assertThat(policy.errors().retryIf()).isPresent();
  }
}
