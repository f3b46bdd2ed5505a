package dev.jobs4j.api.schedule;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;

/** The text form of schedules: its words, and the {@code @every} and {@code @delay} part of it. */
final class ScheduleText {

  static final String EVERY = "@every";
  static final String DELAY = "@delay";
  private static final String FROM = "from";

  /** What an error repeats of a text that is too long to repeat. */
  private static final int SHOWN = 60;

  private ScheduleText() {}

  /** The words of {@code text}, which are parted by spaces and tabs; refuses what is too long. */
  static List<String> words(String text) {
    if (text.length() > Schedule.MAX_LENGTH) {
      throw new InvalidJobException(
          "schedule must have at most "
              + Schedule.MAX_LENGTH
              + " characters, had "
              + text.length()
              + ", in \""
              + shown(text)
              + "\"");
    }
    StringTokenizer tokens = new StringTokenizer(text, " \t");
    return Collections.list(tokens).stream().map(String.class::cast).toList();
  }

  /** {@code text} as an error may repeat it: cut, and without what is not printable ASCII. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    int end = text.length() > Schedule.MAX_LENGTH ? SHOWN : text.length();
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c <= '~' ? c : '?');
    }
    return end < text.length() ? shown.append("...").toString() : shown.toString();
  }

  /** Whether {@code spec} is a fixed rate or a fixed delay rather than a cron expression. */
  static boolean isInterval(String spec) {
    List<String> words = words(spec);
    return !words.isEmpty()
        && (words.get(0).equalsIgnoreCase(EVERY) || words.get(0).equalsIgnoreCase(DELAY));
  }

  /** Reads a fixed rate or delay. */
  static Schedule interval(String spec) {
    List<String> words = words(spec);
    boolean hasFirst = words.size() == 4 && words.get(2).equalsIgnoreCase(FROM);
    if (words.size() != 2 && !hasFirst) {
      throw new InvalidJobException(
          "schedule must be written \"@every 15m\" or \"@every 15m from 2026-11-01T08:00:00Z\""
              + " (or so with @delay), was \""
              + shown(spec)
              + "\"");
    }
    Duration interval = duration(words.get(1), spec);
    Instant first = hasFirst ? instant(words.get(3), spec) : Instant.EPOCH;
    return words.get(0).equalsIgnoreCase(EVERY)
        ? new FixedRate(interval, first)
        : new FixedDelay(interval, first);
  }

  /** Writes a fixed rate or delay; the epoch as the first start says nothing and is left out. */
  static String interval(String word, Duration interval, Instant first) {
    String spec = word + " " + interval;
    return first.equals(Instant.EPOCH) ? spec : spec + " " + FROM + " " + first;
  }

  private static Duration duration(String word, String spec) {
    String upper = word.toUpperCase(Locale.ROOT);
    String iso = upper.startsWith("P") ? upper : (upper.endsWith("D") ? "P" : "PT") + upper;
    try {
      return Duration.parse(iso);
    } catch (DateTimeParseException e) {
      throw unreadable("a duration such as 90s, 15m, 1h30m, 1d or PT15M", word, spec, e);
    }
  }

  private static Instant instant(String word, String spec) {
    try {
      return Instant.parse(word);
    } catch (DateTimeParseException e) {
      throw unreadable("an instant such as 2026-11-01T08:00:00Z", word, spec, e);
    }
  }

  private static InvalidJobException unreadable(
      String wanted, String word, String spec, DateTimeParseException cause) {
    return new InvalidJobException(
        "schedule needs " + wanted + ", not \"" + shown(word) + "\", in \"" + shown(spec) + "\"",
        cause);
  }
}
