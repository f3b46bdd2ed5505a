package dev.jobs4j.examples.chaos.check;

import java.util.function.Consumer;

/** What was said of a job when it was enqueued, against what became of it: promises 1, 2 and 7. */
final class Enqueues {

  private final Consumer<Violation> violations;

  Enqueues(Consumer<Violation> violations) {
    this.violations = violations;
  }

  void check(Story story) {
    if (story.acknowledged) {
      ends(story);
      if (!story.hadEffect) {
        violations.accept(
            new Violation(Promise.ACKNOWLEDGED_HAS_EFFECT, story.name, "no effect in any ledger"));
      }
    }
    if (story.refused && !story.rows.isEmpty()) {
      violations.accept(
          new Violation(Promise.REFUSED_IS_ABSENT, story.name, "refused, and is " + story.rows));
    }
    if (story.rows.size() > 1) {
      violations.accept(new Violation(Promise.REFUSED_IS_ABSENT, story.name, "" + story.rows));
    }
  }

  private void ends(Story story) {
    if (story.rows.isEmpty()) {
      violations.accept(
          new Violation(Promise.ACKNOWLEDGED_ENDS, story.name, "lost: acknowledged, and no row"));
    }
    for (Row row : story.rows) {
      if (row.state() != story.kind().ending()) {
        violations.accept(
            new Violation(
                Promise.ACKNOWLEDGED_ENDS,
                story.name,
                "must be " + story.kind().ending() + ", is " + row));
      }
    }
  }
}
