package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AheadTest {

  private static Ahead after(int slots, Duration each, int jobs) {
    Ahead ahead = Ahead.of(slots);
    for (int i = 0; i < jobs; i++) {
      ahead.ran(each);
    }
    return ahead;
  }

  @Test
  void nothingIsFetchedBeforeAJobHasRun() {
    assertThat(Ahead.of(10).target()).isZero();
  }

  @Test
  void whatTheSlotsDoInTwentyMillisecondsIsAtHand() {
    assertThat(after(10, Duration.ofMillis(1), 1).target()).isEqualTo(200);
    assertThat(after(10, Duration.ofMillis(10), 1).target()).isEqualTo(20);
  }

  @Test
  void slowJobsWaitInTheStore() {
    assertThat(after(10, Duration.ofSeconds(1), 1).target()).isZero();
  }

  @Test
  void jobsThatTakeNoTimeAreBoundedByTheirNumber() {
    assertThat(after(10, Duration.ofNanos(500), 1).target()).isEqualTo(2_000);
  }

  @Test
  void largePayloadsAreFewAtHand() {
    Ahead ahead = after(10, Duration.ofNanos(500), 1);
    ahead.came(1 << 20);
    assertThat(ahead.target()).isEqualTo(16);
    for (int i = 0; i < 200; i++) {
      ahead.came(100);
    }
    assertThat(ahead.target()).isEqualTo(2_000);
  }

  @Test
  void aJobThatDidNotStartSaysNothing() {
    Ahead ahead = after(10, Duration.ofSeconds(1), 1);
    for (int i = 0; i < 200; i++) {
      ahead.ran(Duration.ZERO);
    }
    assertThat(ahead.target()).isZero();
  }

  @Test
  void aClockThatStandsStillSaysNothing() {
    assertThat(after(10, Duration.ZERO, 100).target()).isZero();
  }

  @Test
  void itFollowsWhatJobsTakeOfLate() {
    Ahead ahead = after(10, Duration.ofNanos(1_000), 100);
    ahead.ran(Duration.ofSeconds(10));
    assertThat(ahead.target()).as("one in a hundred takes long").isZero();
    for (int i = 0; i < 300; i++) {
      ahead.ran(Duration.ofNanos(1_000));
    }
    assertThat(ahead.target()).isEqualTo(2_000);
  }

  @Test
  void lessIsFetchedAfterSomeWentBack() {
    Ahead ahead = after(10, Duration.ofNanos(1_000), 100);
    ahead.wentBack();
    ahead.wentBack();
    assertThat(ahead.target()).as("until one has run").isZero();
    ahead.ran(Duration.ofNanos(1_000));
    assertThat(ahead.target()).isEqualTo(501);
    for (int i = 0; i < 2_000; i++) {
      ahead.ran(Duration.ofNanos(1_000));
    }
    assertThat(ahead.target()).isEqualTo(2_000);
  }

  @Test
  void noneIsFetchedWhereJobsAreGivenOutByTurns() {
    Ahead none = Ahead.none();
    none.ran(Duration.ofNanos(1_000));
    assertThat(none.target()).isZero();
  }
}
