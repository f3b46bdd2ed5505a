package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Retention;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as people write them. */
public final class Durations {

  private static final Pattern SHORT = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

  /** What {@link #parse} reads, for errors. */
  public static final String FORM = "a duration such as 500ms, 30s, 10m, 2h, 1d or PT30S";

  /** What {@link #parseAge} reads, for errors. */
  public static final String AGE_FORM = FORM + ", or forever";

  /** Longer would overflow where nanoseconds are counted. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Durations() {}

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d} or ISO-8601 ({@code
   * PT30S}).
   *
   * @param what what the duration is for, named in the error
   * @throws InvalidJobException if it is none of these
   */
  public static Duration parse(String what, String text) {
    Matcher matcher = SHORT.matcher(text.strip().toLowerCase(Locale.ROOT));
    try {
      if (matcher.matches()) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
      }
      return Duration.parse(text.strip());
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new InvalidJobException(what + " must be " + FORM + ", was \"" + text + "\"", e);
    }
  }

  /**
   * Reads how long something is kept: a duration or {@code forever}, which is {@link
   * Retention#FOREVER}.
   *
   * @param what what is kept, named in the error
   * @throws InvalidJobException if it is neither
   */
  public static Duration parseAge(String what, String text) {
    if (text.strip().equalsIgnoreCase("forever")) {
      return Retention.FOREVER;
    }
    try {
      return parse(what, text);
    } catch (InvalidJobException e) {
      throw new InvalidJobException(what + " must be " + AGE_FORM + ", was \"" + text + "\"", e);
    }
  }

  /**
   * Refuses a setting that is zero, negative or longer than a hundred years.
   *
   * @param name the setting, named in the error
   * @throws InvalidJobException if it is
   */
  public static void requirePositive(String name, Duration value) {
    if (value.isZero()) {
      throw new InvalidJobException(name + " must be more than 0, was " + value);
    }
    requireNotNegative(name, value);
  }

  static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new InvalidJobException(name + " must not be negative, was " + value);
    }
    if (value.compareTo(LONGEST) > 0) {
      throw new InvalidJobException(name + " must be at most " + LONGEST + ", was " + value);
    }
  }
}
