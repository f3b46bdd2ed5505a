package dev.jobs4j.api.schedule;

import java.util.List;

/** The fields of a cron expression in the order in which they are written, and their values. */
enum CronField {
  SECOND("second", 0, 59, "0-59"),
  MINUTE("minute", 0, 59, "0-59"),
  HOUR("hour", 0, 23, "0-23"),
  DAY_OF_MONTH("day-of-month", 1, 31, "1-31"),
  MONTH(
      "month",
      1,
      12,
      "1-12 or JAN-DEC",
      "JAN",
      "FEB",
      "MAR",
      "APR",
      "MAY",
      "JUN",
      "JUL",
      "AUG",
      "SEP",
      "OCT",
      "NOV",
      "DEC"),
  /** Both 0 and 7 are Sunday; as a value it is kept as 0. */
  DAY_OF_WEEK(
      "day-of-week", 0, 6, "0-7 or SUN-SAT", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private final String label;
  private final int min;
  private final int max;
  private final String allowed;
  private final List<String> names;

  CronField(String label, int min, int max, String allowed, String... names) {
    this.label = label;
    this.min = min;
    this.max = max;
    this.allowed = allowed;
    this.names = List.of(names);
  }

  int min() {
    return min;
  }

  int max() {
    return max;
  }

  /** How many different values there are: also the largest step that says something. */
  int size() {
    return max - min + 1;
  }

  /** The values as an error tells them. */
  String allowed() {
    return allowed;
  }

  /** The number that {@code text} means, in digits or by name; -1 if it means none. */
  int numberOf(String text) {
    int named = names.indexOf(text);
    if (named >= 0) {
      return min + named;
    }
    int number = number(text);
    int highest = this == DAY_OF_WEEK ? 7 : max;
    return number >= min && number <= highest ? number : -1;
  }

  /** One or two ASCII digits as a number; -1 for anything else. */
  static int number(String text) {
    if (text.isEmpty() || text.length() > 2) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = 10 * number + (c - '0');
    }
    return number;
  }

  /**
   * The values from {@code from} to {@code to}, each {@code step}th, as bits. If {@code to} is
   * smaller the range runs over the field's end: hours 22-2 are 22, 23, 0, 1, 2.
   */
  long range(int from, int to, int step) {
    long bits = 0;
    int last = to < from ? to + size() : to;
    for (int value = from; value <= last; value += step) {
      bits |= bit(value);
    }
    return bits;
  }

  /** One value as a bit. */
  long bit(int value) {
    return 1L << (min + (value - min) % size());
  }

  @Override
  public String toString() {
    return label;
  }
}
