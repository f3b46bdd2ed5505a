package dev.jobs4j.examples.chaos.check;

import java.util.ArrayList;
import java.util.List;

/** Asks whether each promise held for each job. */
public final class Checker {

  private Checker() {}

  /** The answer, with the figures of the run. */
  public static Verdict check(History history) {
    List<Violation> violations = new ArrayList<>();
    Enqueues enqueues = new Enqueues(violations::add);
    Tokens tokens = new Tokens(history, violations::add);
    SecondRuns secondRuns = new SecondRuns(history, violations::add);
    Completions completions = new Completions(history, violations::add);
    Recovery recovery = new Recovery(history);
    for (Story story : history.stories()) {
      enqueues.check(story);
      tokens.check(story);
      secondRuns.check(story);
      completions.check(story);
      recovery.add(story);
    }
    recovery.check(violations::add);
    new Groups(history, violations::add).check();
    return new Verdict(history, List.copyOf(violations), secondRuns.explained(), recovery.text());
  }
}
