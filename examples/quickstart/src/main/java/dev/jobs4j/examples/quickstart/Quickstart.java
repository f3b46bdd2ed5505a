package dev.jobs4j.examples.quickstart;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where the process begins and ends; the story is in {@link Run}. */
public final class Quickstart {

  private static final long SECONDS_TO_STOP = 15;

  private Quickstart() {}

  /** Runs once and exits with a code of {@code --help}. */
  public static void main(String[] args) {
    StopSign stopSign = new StopSign();
    CountDownLatch finished = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopSign, finished)));
    ExitCode code = run(Screen.standard(), stopSign, args);
    finished.countDown();
    System.exit(code.number());
  }

  /** Runs once; errors that a person can mend end here, as a line of text. */
  static ExitCode run(Screen screen, StopSign stopSign, String... args) {
    if (Arguments.askForHelp(args)) {
      screen.line(Arguments.USAGE);
      return ExitCode.DONE;
    }
    try {
      return new Run(Arguments.parse(args), screen, stopSign).execute();
    } catch (RunFailedException e) {
      screen.error(String.valueOf(e.getMessage()));
      return e.exitCode();
    }
  }

  /** At Ctrl-C or a polite kill: jobs under way finish or go back before the process ends. */
  private static void stop(StopSign stopSign, CountDownLatch finished) {
    stopSign.raise("Asked to stop");
    try {
      if (!finished.await(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(ExitCode.STOPPED.number());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
