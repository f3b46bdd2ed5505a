package dev.jobs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Wishes that contradict each other are refused where they are said. */
class JobRequestTest {

  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final Duration HOUR = Duration.ofHours(1);

  private final JobRequest<String> request = JobType.of("mail", String.class).request("m");

  @Test
  void aDebounceAndADueTimeOfOnesOwnAreRefusedInWhateverOrder() {
    refused(() -> request.debounce("k", QUIET).delay(HOUR));
    refused(() -> request.debounce("k", QUIET).at(Instant.EPOCH));
    refused(() -> request.delay(HOUR).debounce("k", QUIET));
    refused(() -> request.at(Instant.EPOCH).debounce("k", QUIET));
  }

  private static void refused(Runnable wish) {
    assertThatThrownBy(wish::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("delay and at cannot be had together with debounce");
  }

  @Test
  void theLastDebounceCounts() {
    assertThat(request.debounce("k", HOUR).debounce("k", QUIET).due()).isEqualTo(new Due.In(QUIET));
  }

  @Test
  void theQuietTimeGoesWithItsKey() {
    JobRequest<String> replacing = request.debounce("k", QUIET).replace("k");

    assertThat(replacing.due()).isEqualTo(Due.now());
    assertThat(replacing.delay(HOUR).due()).isEqualTo(new Due.In(HOUR));
  }
}
