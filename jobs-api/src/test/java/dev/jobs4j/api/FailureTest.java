package dev.jobs4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FailureTest {

  /** An error {@code depth} calls deep, so that its own frames fill a row. */
  private static Exception deep(int depth, String message, Throwable cause) {
    if (depth > 0) {
      return deep(depth - 1, message, cause);
    }
    return new IllegalStateException(message, cause);
  }

  @Test
  void aShortTraceIsKeptWhole() {
    Exception error = new IOException("short");
    error.setStackTrace(new StackTraceElement[] {new StackTraceElement("A", "b", "A.java", 7)});
    String expected = "java.io.IOException: short\n\tat A.b(A.java:7)\n";
    assertThat(Failure.of(error).stack().replace("\r", "")).isEqualTo(expected);
  }

  @Test
  void eachCauseOfALongTraceKeepsItsHead() {
    Exception root = deep(200, "the root", null);
    Exception middle = deep(200, "the middle", root);
    Exception outer = deep(200, "the outer", middle);
    outer.addSuppressed(deep(200, "the suppressed", null));
    String stack = Failure.of(outer).stack();
    assertThat(stack)
        .hasSizeLessThanOrEqualTo(Failure.MAX_STACK)
        .hasSizeGreaterThan(Failure.MAX_STACK / 2)
        .startsWith(
            "java.lang.IllegalStateException: the outer\n\tat " + FailureTest.class.getName())
        .contains("\nCaused by: java.lang.IllegalStateException: the middle\n\tat ")
        .contains("\nCaused by: java.lang.IllegalStateException: the root\n\tat ")
        .contains("\n\tSuppressed: java.lang.IllegalStateException: the suppressed\n\t\tat ");
  }

  @Test
  void whatAShortCauseLeavesGoesToTheOthers() {
    Exception outer = deep(200, "the outer", new IOException("root"));
    String stack = Failure.of(outer).stack();
    long framesOfOuter =
        stack
            .substring(0, stack.indexOf("Caused by"))
            .lines()
            .filter(l -> l.contains("deep"))
            .count();
    assertThat(stack.length()).isGreaterThan(Failure.MAX_STACK - 300);
    assertThat(framesOfOuter).isGreaterThan(40);
  }

  @Test
  void whatIsLeftIsSharedAgain() {
    String trace =
        "a\n"
            + "Caused by: b\n"
            + "\tat b\n".repeat(350)
            + "Caused by: c\n"
            + "\tat c\n".repeat(2_000);
    String kept = TrimmedStack.of(trace, 6_000);
    assertThat(kept.lines().filter("\tat b"::equals)).hasSize(350);
    assertThat(kept).hasSizeGreaterThan(5_980).hasSizeLessThanOrEqualTo(6_000);
  }

  @Test
  void ofManyCausesTheOutermostAndTheRootStay() {
    Exception error = deep(50, "cause 0", null);
    for (int i = 1; i <= 60; i++) {
      error = deep(50, "cause " + i, error);
    }
    assertThat(Failure.of(error).stack())
        .hasSizeLessThanOrEqualTo(Failure.MAX_STACK)
        .startsWith("java.lang.IllegalStateException: cause 60\n")
        .contains("Caused by: java.lang.IllegalStateException: cause 51\n")
        .contains("... 41 more errors")
        .contains("Caused by: java.lang.IllegalStateException: cause 9\n")
        .contains("Caused by: java.lang.IllegalStateException: cause 0\n");
  }

  @Test
  void aHugeMessageDoesNotPushTheRootCauseOut() {
    Exception error = deep(10, "x".repeat(100_000), new IOException("the root"));
    assertThat(Failure.of(error).stack())
        .hasSizeLessThanOrEqualTo(Failure.MAX_STACK)
        .contains("Caused by: java.io.IOException: the root");
    assertThat(Failure.of(error).message()).hasSize(Failure.MAX_MESSAGE);
  }

  /** Whatever the text looks like, it fits, and no arithmetic breaks. */
  @Test
  void anyTextIsCutToSize() {
    Random random = new Random(7);
    String[] pieces = {
      "Caused by: ", "\tat x.Y\n", "\n", "Suppressed: ", "a".repeat(300), "\t", ""
    };
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(80); i >= 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      int max = 500 + random.nextInt(2_000);
      assertThat(TrimmedStack.of(text.toString(), max)).hasSizeLessThanOrEqualTo(max);
    }
  }

  @Test
  void anErrorWhoseOwnMethodsFailIsStillAFailure() {
    Failure failure =
        Failure.of(
            new RuntimeException() {
              @Override
              public String getMessage() {
                throw new IllegalStateException("no message");
              }
            });
    assertThat(failure.errorClass()).startsWith(FailureTest.class.getName());
    assertThat(failure.message()).isEmpty();
  }
}
