package dev.jobs4j.examples.chaos.check;

/** What is checked: ten promises for every job, and three for those that asked for more. */
public enum Promise {
  /** 1. */
  ACKNOWLEDGED_ENDS("an acknowledged job ends, once and in the way of its kind"),
  /** 2. */
  ACKNOWLEDGED_HAS_EFFECT("an acknowledged job has had its effect"),
  /** 3. */
  ONE_ACCEPTED_ENDING("a job has one accepted ending, under the token of its row"),
  /** 4. */
  NOTHING_STARTS_AFTER_THE_END("nothing starts after the end"),
  /** 5. */
  TOKENS_GROW("each start has a token of its own, larger than those before"),
  /** 6. */
  ATTEMPTS_ARE_BOUNDED("no job gets more attempts than it is allowed"),
  /** 7. */
  REFUSED_IS_ABSENT("what was refused or rolled back is not there, and nothing is there twice"),
  /** 8. */
  SECOND_RUNS_ARE_EXPLAINED("a second run has a fault that explains it"),
  /** 9. */
  RECOVERY_IN_TIME("jobs of a killed worker start again in time"),
  /** 10. */
  EFFECTS_OF_THE_COMPLETION_ONCE("what belongs to the completion is there once"),
  /** Beyond the ten. */
  LINES_KEEP_THEIR_ORDER("a line keeps its order"),
  /** Beyond the ten. */
  LIMITS_HOLD("a limit is never exceeded"),
  /** Beyond the ten. */
  KEYS_HOLD("a unique key has one holder at a time");

  private final String sentence;

  Promise(String sentence) {
    this.sentence = sentence;
  }

  /** Its number and what it says. */
  @Override
  public String toString() {
    return ordinal() + 1 + " " + sentence;
  }
}
