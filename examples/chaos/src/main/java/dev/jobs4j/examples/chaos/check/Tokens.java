package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.chaos.ledger.What;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Starts and endings against the row and its token: promises 3 to 6. */
final class Tokens {

  private final History history;
  private final Consumer<Violation> violations;

  Tokens(History history, Consumer<Violation> violations) {
    this.history = history;
    this.violations = violations;
  }

  void check(Story story) {
    story.rows.forEach(row -> oneEnding(story, row));
    nothingAfterTheEnd(story);
    grow(story);
    bounded(story);
  }

  private void oneEnding(Story story, Row row) {
    if (!row.state().isTerminal()) {
      return; // promise 1 says so
    }
    boolean well = row.state() == JobState.SUCCEEDED;
    What right = well ? What.DONE_OK : What.DIED;
    What wrong = well ? What.DIED : What.DONE_OK;
    List<Attempt> ran = story.attempts.stream().filter(a -> a.token == row.token()).toList();
    if (story.accepted(wrong) > 0) {
      broken(Promise.ONE_ACCEPTED_ENDING, story, wrong + " accepted, and is " + row);
    }
    if (story.attempts.stream().anyMatch(a -> a.answer == right && a.token != row.token())) {
      broken(Promise.ONE_ACCEPTED_ENDING, story, "accepted under another token, and is " + row);
    }
    long accepted = story.accepted(right);
    boolean toldNobody = ran.stream().anyMatch(a -> a.hasEnded() && history.wasEnded(a.process));
    if (accepted > 1 || (accepted == 0 && !toldNobody)) {
      broken(Promise.ONE_ACCEPTED_ENDING, story, "accepted " + accepted + " times, and is " + row);
    }
    if (ran.isEmpty()) {
      broken(Promise.ONE_ACCEPTED_ENDING, story, "nobody ran under the token of " + row);
    }
    if (well && !Long.toString(row.token()).equals(row.result())) {
      broken(Promise.ONE_ACCEPTED_ENDING, story, "has the result of another run: " + row);
    }
  }

  private void nothingAfterTheEnd(Story story) {
    long over = story.overAt();
    for (Attempt attempt : story.attempts) {
      boolean tooLate =
          attempt.from > over && !history.hasJustThawed(attempt.process, attempt.from);
      boolean tooHigh = story.rows.stream().anyMatch(row -> attempt.token > row.token());
      if (tooLate || tooHigh) {
        broken(Promise.NOTHING_STARTS_AFTER_THE_END, story, attempt + " after " + story.rows);
      }
    }
  }

  private void grow(Story story) {
    List<Attempt> byTime =
        story.attempts.stream().sorted(Comparator.comparingLong(a -> a.from)).toList();
    for (int i = 1; i < byTime.size(); i++) {
      Attempt before = byTime.get(i - 1);
      Attempt next = byTime.get(i);
      boolean late = history.hasJustThawed(next.process, next.from);
      if (before.token == next.token || (before.token > next.token && !late)) {
        broken(Promise.TOKENS_GROW, story, next + " follows " + before);
      }
    }
  }

  private void bounded(Story story) {
    int most = story.kind().maxAttempts();
    long spent =
        story.attempts.stream().filter(a -> a.isAccepted() && a.answer != What.RELEASED).count();
    if (spent > most || story.rows.stream().anyMatch(row -> row.attempt() > most)) {
      broken(
          Promise.ATTEMPTS_ARE_BOUNDED,
          story,
          "allowed " + most + ", spent " + spent + " of " + story.attempts + ": " + story.rows);
    }
  }

  private void broken(Promise promise, Story story, String how) {
    violations.accept(new Violation(promise, story.name, how));
  }
}
