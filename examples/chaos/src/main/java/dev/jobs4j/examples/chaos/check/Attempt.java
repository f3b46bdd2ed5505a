package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.ledger.What;
import org.jspecify.annotations.Nullable;

/** One start of a job and what became of it. */
final class Attempt {

  final String process;
  final long token;
  final long from;

  /** When its handler ended; never, if it did not. */
  long to = Long.MAX_VALUE;

  boolean endedWell;
  @Nullable What answer;
  long answeredAt = Long.MAX_VALUE;

  Attempt(String process, long token, long from) {
    this.process = process;
    this.token = token;
    this.from = from;
  }

  boolean hasEnded() {
    return to != Long.MAX_VALUE;
  }

  /** Whether its ending counted, so that its lease was its own until then. */
  boolean isAccepted() {
    return answer != null && answer != What.LOST;
  }

  @Override
  public String toString() {
    return "token " + token + " on " + process + (answer == null ? "" : " " + answer);
  }
}
