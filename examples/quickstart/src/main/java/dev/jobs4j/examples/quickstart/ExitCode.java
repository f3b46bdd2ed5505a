package dev.jobs4j.examples.quickstart;

/** How a run ended, for the caller's shell. */
enum ExitCode {
  /** Every job has ended; corrupt pictures are named in the report and are no error of the run. */
  DONE(0),
  /** Something was given up that another run may mend: an unreadable picture, no summary. */
  GIVEN_UP(1),
  /** Called wrongly: an option, a folder that is missing or has no pictures, no place to write. */
  WRONG_CALL(2),
  /** Another run works in the same output folder. */
  IN_USE(3),
  /** Stopped early, such as by a full disk; the rest waits for the next run. */
  STOPPED(4);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
