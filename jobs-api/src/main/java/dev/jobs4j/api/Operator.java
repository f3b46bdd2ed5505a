package dev.jobs4j.api;

import java.util.regex.Pattern;

/**
 * Who does something by hand, and why; kept in the audit with what was done.
 *
 * @param name who: 1 to {@value #MAX_NAME} characters
 * @param why the reason, such as a ticket: 1 to {@value #MAX_WHY} characters
 */
public record Operator(String name, String why) {

  /** The longest name, in characters. */
  public static final int MAX_NAME = 120;

  /** The longest reason, in characters. */
  public static final int MAX_WHY = 1_000;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Checks both. */
  public Operator {
    check("name", name, MAX_NAME);
    check("why", why, MAX_WHY);
  }

  private static void check(String part, String text, int max) {
    if (text.isBlank() || text.length() > max || CONTROL.matcher(text).find()) {
      throw new InvalidJobException(
          "operator's "
              + part
              + " must have 1 to "
              + max
              + " characters and no control characters, was \""
              + CONTROL.matcher(text.substring(0, Math.min(max, text.length()))).replaceAll("?")
              + "\"");
    }
  }
}
