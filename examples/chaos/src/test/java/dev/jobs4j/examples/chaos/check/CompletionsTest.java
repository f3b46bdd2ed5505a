package dev.jobs4j.examples.chaos.check;

import static dev.jobs4j.api.JobState.SUCCEEDED;
import static dev.jobs4j.examples.chaos.check.Tale.ONE;
import static dev.jobs4j.examples.chaos.check.Tale.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Promise 10: what belongs to a completion is there once. */
class CompletionsTest {

  private final Tale tale = new Tale();

  private static final String PARENT = "chained-1";
  private static final String NEXT = "chained-1/next";

  @Test
  void oneJobFollowsASuccess() {
    tale.acknowledged(PARENT)
        .ran(ONE, PARENT, 1)
        .row(PARENT, SUCCEEDED, 1)
        .ran(TWO, NEXT, 1)
        .row(NEXT, SUCCEEDED, 1);

    assertThat(tale.broken()).isEmpty();
  }

  @Test
  void noneIsBroken() {
    tale.acknowledged(PARENT).ran(ONE, PARENT, 1).row(PARENT, SUCCEEDED, 1);

    assertThat(tale.broken()).containsExactly(Promise.EFFECTS_OF_THE_COMPLETION_ONCE);
  }

  @Test
  void oneWithoutASuccessIsBroken() {
    tale.ran(TWO, NEXT, 1).row(NEXT, SUCCEEDED, 1);

    assertThat(tale.broken()).containsExactly(Promise.EFFECTS_OF_THE_COMPLETION_ONCE);
  }

  @Test
  void aGuardedEffectIsThatOfTheAcceptedRun() {
    tale.acknowledged("guarded-1")
        .ran(ONE, "guarded-1", 3)
        .row("guarded-1", SUCCEEDED, 3)
        .effect("guarded-1", 3);

    assertThat(tale.broken()).isEmpty();
  }

  @Test
  void anEffectOfAnOlderRunIsBroken() {
    tale.acknowledged("guarded-1")
        .ran(ONE, "guarded-1", 3)
        .row("guarded-1", SUCCEEDED, 3)
        .effect("guarded-1", 1);

    assertThat(tale.broken()).containsExactly(Promise.EFFECTS_OF_THE_COMPLETION_ONCE);
  }

  @Test
  void aMissingEffectIsBroken() {
    tale.acknowledged("guarded-1").ran(ONE, "guarded-1", 3).row("guarded-1", SUCCEEDED, 3);

    assertThat(tale.broken()).containsExactly(Promise.EFFECTS_OF_THE_COMPLETION_ONCE);
  }
}
