package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.chaos.work.Kind;
import dev.jobs4j.examples.chaos.work.Task;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What belongs to a completion: promise 10. What follows a success is stored in its transaction, so
 * it is there once for each success and never without one. What a handler writes by itself, guarded
 * by its token, is that of the run whose success was accepted.
 */
final class Completions {

  private final History history;
  private final Consumer<Violation> violations;

  Completions(History history, Consumer<Violation> violations) {
    this.history = history;
    this.violations = violations;
  }

  void check(Story story) {
    for (Row row : story.rows) {
      boolean succeeded = row.state() == JobState.SUCCEEDED;
      if (story.kind() == Kind.CHAINED && succeeded) {
        int followers = history.find(story.name + Task.NEXT).map(s -> s.rows.size()).orElse(0);
        if (followers != 1) {
          broken(story, followers + " jobs follow " + row);
        }
      } else if (story.kind() == Kind.NEXT) {
        checkParent(story, row);
      } else if (story.kind() == Kind.GUARDED && succeeded) {
        checkEffect(story, row);
      }
    }
    if (story.rows.isEmpty() && !story.effects.isEmpty()) {
      broken(story, "an effect without a job: " + story.effects);
    }
  }

  private void checkParent(Story story, Row row) {
    String parent = story.name.substring(0, story.name.length() - Task.NEXT.length());
    Optional<Row> before = history.find(parent).flatMap(s -> s.rows.stream().findFirst());
    if (before.map(Row::state).filter(state -> state == JobState.SUCCEEDED).isEmpty()) {
      broken(story, "follows what has not succeeded: " + before);
    }
    if (row.state() != JobState.SUCCEEDED) {
      broken(story, "must have succeeded, is " + row);
    }
  }

  private void checkEffect(Story story, Row row) {
    if (story.effects.size() != 1 || story.effects.get(0).token() != row.token()) {
      broken(story, "has left " + story.effects + ", and is " + row);
    }
  }

  private void broken(Story story, String how) {
    violations.accept(new Violation(Promise.EFFECTS_OF_THE_COMPLETION_ONCE, story.name, how));
  }
}
