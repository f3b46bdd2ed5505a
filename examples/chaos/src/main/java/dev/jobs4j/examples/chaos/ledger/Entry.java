package dev.jobs4j.examples.chaos.ledger;

/**
 * One line of a ledger.
 *
 * @param nano when, by the machine's monotonic clock, which all its processes share
 * @param process which process, one name for each life of it
 * @param what what it tells
 * @param job the job's own name, or the kind of a fault; without blanks
 * @param token the fencing token, or 0 where there is none
 * @param detail the rest, or empty
 */
public record Entry(long nano, String process, What what, String job, long token, String detail) {

  /** How it stands in a ledger, without length and check sum. */
  String text() {
    return nano + " " + process + " " + what + " " + job + " " + token + " " + detail;
  }

  static Entry parse(String text) {
    String[] words = text.split(" ", 6);
    return new Entry(
        Long.parseLong(words[0]),
        words[1],
        What.valueOf(words[2]),
        words[3],
        Long.parseLong(words[4]),
        words[5]);
  }
}
