package dev.jobs4j.examples.chaos.check;

import static dev.jobs4j.api.JobState.DEAD;
import static dev.jobs4j.api.JobState.PENDING;
import static dev.jobs4j.api.JobState.SUCCEEDED;
import static dev.jobs4j.examples.chaos.check.Tale.ONE;
import static dev.jobs4j.examples.chaos.check.Tale.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Promises 1 to 7: each is kept by one run and broken by another that differs in one thing. The
 * others have tests of their own.
 */
class CheckerTest {

  private static final String JOB = "plain-1";

  private final Tale tale = new Tale();

  @Test
  void aRunWithoutFaultsHolds() {
    tale.acknowledged(JOB).ran(ONE, JOB, 1).row(JOB, SUCCEEDED, 1);

    assertThat(tale.broken()).isEmpty();
    assertThat(tale.verdict().jobs()).isEqualTo(1);
  }

  @Nested
  class Promise1AcknowledgedEnds {

    @Test
    void aJobWithoutRowIsLost() {
      tale.acknowledged(JOB).ran(ONE, JOB, 1);

      assertThat(tale.broken()).containsExactly(Promise.ACKNOWLEDGED_ENDS);
    }

    @Test
    void aJobThatStillWaitsHasNotEnded() {
      tale.acknowledged(JOB).started(ONE, JOB, 1).row(JOB, PENDING, 1);

      assertThat(tale.broken()).containsExactly(Promise.ACKNOWLEDGED_ENDS);
    }

    @Test
    void aDeadLetterThatNobodyExpectsIsBroken() {
      tale.acknowledged(JOB).started(ONE, JOB, 1).ended(ONE, JOB, 1, What.DIED).row(JOB, DEAD, 1);

      assertThat(tale.broken()).containsExactly(Promise.ACKNOWLEDGED_ENDS);
    }

    @Test
    void aDyingJobMustDie() {
      tale.acknowledged("dying-1")
          .started(ONE, "dying-1", 1)
          .ended(ONE, "dying-1", 1, What.DIED)
          .row("dying-1", DEAD, 1);

      assertThat(tale.broken()).isEmpty();
    }
  }

  @Test
  void promise2AnEffectMustHaveBeenSeen() {
    tale.acknowledged(JOB)
        .say(ONE, What.START, JOB, 1, "")
        .ended(ONE, JOB, 1, What.DONE_OK)
        .row(JOB, SUCCEEDED, 1);

    assertThat(tale.broken()).containsExactly(Promise.ACKNOWLEDGED_HAS_EFFECT);
  }

  @Nested
  class Promise3OneAcceptedEnding {

    @Test
    void twoAcceptedSuccessesAreOneTooMany() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .fault(Fault.FREEZE, "worker-1", 10_000)
          .started(TWO, JOB, 3)
          .ended(TWO, JOB, 3, What.DONE_OK)
          .ended(ONE, JOB, 1, What.DONE_OK)
          .row(JOB, SUCCEEDED, 3);

      assertThat(tale.broken())
          .containsExactly(Promise.ONE_ACCEPTED_ENDING, Promise.ATTEMPTS_ARE_BOUNDED);
    }

    @Test
    void theTokenMustBeThatOfTheRow() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .fault(Fault.FREEZE, "worker-1", 10_000)
          .started(TWO, JOB, 3)
          .ended(ONE, JOB, 1, What.DONE_OK)
          .ended(TWO, JOB, 3, What.LOST)
          .row(JOB, SUCCEEDED, 3);

      assertThat(tale.broken()).containsExactly(Promise.ONE_ACCEPTED_ENDING);
    }

    @Test
    void aSuccessThatNobodyHasSeenAcceptedIsBroken() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .say(ONE, What.END, JOB, 1, "OK")
          .row(JOB, SUCCEEDED, 1);

      assertThat(tale.broken()).containsExactly(Promise.ONE_ACCEPTED_ENDING);
    }

    @Test
    void whoIsKilledBetweenTheEndAndTheAnswerTellsNobody() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .say(ONE, What.END, JOB, 1, "OK")
          .fault(Fault.KILL, ONE, 1)
          .row(JOB, SUCCEEDED, 1);

      assertThat(tale.broken()).isEmpty();
    }

    @Test
    void theResultMustBeThatOfTheRun() {
      tale.acknowledged(JOB).ran(ONE, JOB, 1).row(new Row(JOB, "id", SUCCEEDED, 1, 1, "7"));

      assertThat(tale.broken()).containsExactly(Promise.ONE_ACCEPTED_ENDING);
    }

    @Test
    void aJobThatDiedWasNotAcceptedAsDone() {
      tale.acknowledged("dying-1").ran(ONE, "dying-1", 1).row("dying-1", DEAD, 1);

      assertThat(tale.broken()).containsExactly(Promise.ONE_ACCEPTED_ENDING);
    }
  }

  @Nested
  class Promise4NothingStartsAfterTheEnd {

    @Test
    void aStartAfterTheAcceptedSuccessIsBroken() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .fault(Fault.HOLE_BOTH, "worker-1", 10_000)
          .ran(TWO, JOB, 5)
          .after(1_000)
          .started(ONE, JOB, 3)
          .ended(ONE, JOB, 3, What.LOST)
          .row(JOB, SUCCEEDED, 5);

      assertThat(tale.broken())
          .containsExactly(Promise.NOTHING_STARTS_AFTER_THE_END, Promise.TOKENS_GROW);
    }

    @Test
    void whatAFrozenProcessWasAboutToDoItDoesWhenItThaws() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .fault(Fault.KILL, ONE, 100)
          .after(8_000)
          .ran(TWO, JOB, 5)
          .fault(Fault.FREEZE, "worker-3", 10_000)
          .started("worker-3.1", JOB, 3)
          .ended("worker-3.1", JOB, 3, What.LOST)
          .row(JOB, SUCCEEDED, 5);

      assertThat(tale.broken()).isEmpty();
    }

    @Test
    void aTokenAboveThatOfTheRowIsBroken() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .fault(Fault.FREEZE, "worker-1", 10_000)
          .started(TWO, JOB, 3)
          .ended(TWO, JOB, 3, What.LOST)
          .ended(ONE, JOB, 1, What.DONE_OK)
          .row(JOB, SUCCEEDED, 1);

      assertThat(tale.broken()).containsExactly(Promise.NOTHING_STARTS_AFTER_THE_END);
    }
  }

  @Nested
  class Promise5TokensGrow {

    @Test
    void twoStartsUnderOneTokenAreBroken() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .fault(Fault.KILL, ONE, 100)
          .after(8_000)
          .ran(TWO, JOB, 1)
          .row(JOB, SUCCEEDED, 1);

      assertThat(tale.broken()).containsExactly(Promise.TOKENS_GROW);
    }

    @Test
    void aTokenThatFallsIsBroken() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 4)
          .fault(Fault.KILL, ONE, 100)
          .after(8_000)
          .started(TWO, JOB, 3)
          .fault(Fault.KILL, TWO, 100)
          .after(8_000)
          .ran("worker-3.1", JOB, 6)
          .row(JOB, SUCCEEDED, 6);

      assertThat(tale.broken()).contains(Promise.TOKENS_GROW);
    }
  }

  @Nested
  class Promise6AttemptsAreBounded {

    @Test
    void moreAcceptedAttemptsThanAllowedAreBroken() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .ended(ONE, JOB, 1, What.RETRIED)
          .ran(TWO, JOB, 2)
          .row(JOB, SUCCEEDED, 2);

      assertThat(tale.broken()).containsExactly(Promise.ATTEMPTS_ARE_BOUNDED);
    }

    @Test
    void aRowThatCountsMoreThanAllowedIsBroken() {
      tale.acknowledged(JOB).ran(ONE, JOB, 1).row(new Row(JOB, "id", SUCCEEDED, 1, 2, "1"));

      assertThat(tale.broken()).containsExactly(Promise.ATTEMPTS_ARE_BOUNDED);
    }

    @Test
    void whatWasGivenBackIsNotCounted() {
      tale.acknowledged(JOB)
          .started(ONE, JOB, 1)
          .ended(ONE, JOB, 1, What.RELEASED)
          .fault(Fault.TERMINATE, ONE, 1_000)
          .ran(TWO, JOB, 2)
          .row(JOB, SUCCEEDED, 2);

      assertThat(tale.broken()).isEmpty();
    }
  }

  @Nested
  class Promise7RefusedIsAbsent {

    @Test
    void whatWasRolledBackMustNotRun() {
      tale.say("driver", What.ENQ_TRY, JOB, 0, "")
          .say("driver", What.ENQ_ERR, JOB, 0, "rolled back")
          .ran(ONE, JOB, 1)
          .row(JOB, SUCCEEDED, 1);

      assertThat(tale.broken()).containsExactly(Promise.REFUSED_IS_ABSENT);
    }

    @Test
    void whatIsUnknownMayBeThereOrNot() {
      tale.say("driver", What.ENQ_UNKNOWN, JOB, 0, "")
          .ran(ONE, JOB, 1)
          .row(JOB, SUCCEEDED, 1)
          .say("driver", What.ENQ_UNKNOWN, "plain-2", 0, "");

      assertThat(tale.broken()).isEmpty();
    }

    @Test
    void oneEnqueueMustNotMakeTwoJobs() {
      tale.acknowledged(JOB)
          .ran(ONE, JOB, 1)
          .row(JOB, SUCCEEDED, 1)
          .row(new Row(JOB, "another", SUCCEEDED, 1, 1, "1"));

      assertThat(tale.broken()).containsExactly(Promise.REFUSED_IS_ABSENT);
    }
  }
}
