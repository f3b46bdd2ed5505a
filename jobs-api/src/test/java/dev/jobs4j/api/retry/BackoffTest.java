package dev.jobs4j.api.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {

  private static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  @Test
  void theShapesAreWhatTheyAreCalled() {
    Backoff constant = Backoff.constant(seconds(3));
    assertThat(constant.delayAfter(1)).isEqualTo(seconds(3));
    assertThat(constant.delayAfter(9)).isEqualTo(seconds(3));
    Backoff linear = Backoff.linear(seconds(3), seconds(10));
    assertThat(linear.delayAfter(1)).isEqualTo(seconds(3));
    assertThat(linear.delayAfter(3)).isEqualTo(seconds(9));
    assertThat(linear.delayAfter(4)).isEqualTo(seconds(10));
    Backoff exponential = Backoff.exponential(seconds(3), seconds(20));
    assertThat(exponential.delayAfter(1)).isEqualTo(seconds(3));
    assertThat(exponential.delayAfter(3)).isEqualTo(seconds(12));
    assertThat(exponential.delayAfter(4)).isEqualTo(seconds(20));
  }

  /** Any range, any attempt: within the range, never less than the attempt before. */
  @ParameterizedTest
  @EnumSource(Backoff.Kind.class)
  void noDelayLeavesItsRangeWhateverTheAttempt(Backoff.Kind kind) {
    Random random = new Random(20_260_101);
    for (int round = 0; round < 2_000; round++) {
      Duration initial = duration(random);
      Duration max = initial.plus(duration(random));
      max = max.compareTo(Backoff.LONGEST) > 0 ? Backoff.LONGEST : max;
      Backoff backoff = Backoff.of(kind, initial, max);
      int attempt = 1 + (random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31));
      Duration delay = backoff.delayAfter(attempt);
      assertThat(delay)
          .as("%s initial=%s max=%s attempt=%d", kind, initial, max, attempt)
          .isBetween(initial, max)
          .isGreaterThanOrEqualTo(backoff.delayAfter(Math.max(1, attempt - 1)));
      assertThat(backoff.delayAfter(Integer.MAX_VALUE)).isBetween(initial, max);
    }
  }

  /** From a nanosecond to 100 years, all sizes alike. */
  private static Duration duration(Random random) {
    long nanos = random.nextLong(Backoff.LONGEST.toNanos() + 1) >>> random.nextInt(62);
    return Duration.ofNanos(nanos);
  }

  @Test
  void theWidestRangeDoesNotOverflow() {
    Backoff widest = Backoff.exponential(Duration.ofNanos(1), Backoff.LONGEST);
    assertThat(widest.delayAfter(62)).isEqualTo(Duration.ofNanos(1L << 61));
    assertThat(widest.delayAfter(63)).isEqualTo(Backoff.LONGEST);
    assertThat(widest.delayAfter(Integer.MAX_VALUE)).isEqualTo(Backoff.LONGEST);
  }

  @Test
  void wrongRangesAreRefusedByName() {
    refused(() -> Backoff.constant(seconds(-1)), "delay must not be negative");
    refused(() -> Backoff.linear(seconds(-1), seconds(1)), "initial must not be negative");
    refused(() -> Backoff.linear(seconds(2), seconds(1)), "max PT1S must be >= initial PT2S");
    refused(
        () -> Backoff.exponential(seconds(1), Backoff.LONGEST.plusNanos(1)), "max must be at most");
    refused(() -> Backoff.constant(Backoff.LONGEST.plusNanos(1)), "delay must be at most");
  }

  private static void refused(Runnable make, String message) {
    assertThatThrownBy(make::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
