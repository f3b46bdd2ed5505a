package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.WakeUps;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an engine makes of word from elsewhere, and of the lack of it. */
class ListeningTest {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Queue<Object> word = new ArrayDeque<>();
  private final AtomicInteger woken = new AtomicInteger();
  private double chance = 1;
  private final Listening listening =
      new Listening(
          new WakeUps() {
            @Override
            public boolean await(Duration patience) {
              if (word.remove() instanceof Boolean heard) {
                return heard;
              }
              throw new StoreException("down", Certainty.NOT_DONE, new Exception("down"));
            }

            @Override
            public void close() {}
          },
          woken::incrementAndGet,
          () -> chance,
          LONGEST);

  private Duration step(Object heard) throws InterruptedException {
    word.add(heard);
    return listening.step(Duration.ofMinutes(1));
  }

  @Test
  void wordWakesTheLineAndSilenceDoesNot() throws InterruptedException {
    assertThat(step(true)).isZero();
    assertThat(woken).hasValue(1);
    assertThat(step(false)).isZero();
    assertThat(woken).hasValue(1);
  }

  @Test
  void anEngineThatCannotListenTriesAgainAfterARestThatGrowsAndIsBounded()
      throws InterruptedException {
    assertThat(step("down")).isEqualTo(Duration.ofMillis(100));
    assertThat(step("down")).isEqualTo(Duration.ofMillis(200));
    assertThat(step("down")).isEqualTo(Duration.ofMillis(400));
    for (int i = 0; i < 100; i++) {
      assertThat(step("down")).isLessThanOrEqualTo(LONGEST);
    }
    assertThat(step("down")).isEqualTo(LONGEST);

    step(true);
    assertThat(step("down")).as("after it has heard").isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void chanceMakesTheRestOfTwoEnginesDiffer() throws InterruptedException {
    chance = 0;
    assertThat(step("down")).isEqualTo(Duration.ofMillis(50));
    chance = 0.5;
    assertThat(step("down")).isEqualTo(Duration.ofMillis(150));
  }
}
