package dev.jobs4j.api;

import java.util.regex.Pattern;

/**
 * What a job counts against: a limit by its name, and the key whose permits it takes.
 *
 * @param limit the name of a {@link JobLimit}
 * @param key 0 to 120 characters without control characters; empty where one key is enough
 */
public record LimitKey(String limit, String key) implements Comparable<LimitKey> {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Checks both. */
  public LimitKey {
    JobLimit.checkName(limit);
    if (key.length() > 120 || CONTROL.matcher(key).find()) {
      throw new InvalidJobException(
          "key of limit \""
              + limit
              + "\" must have at most 120 characters and no control characters, had "
              + key.length());
    }
  }

  /** The inverse of {@link #toString}. */
  public static LimitKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidJobException("a limit key is limit/key, was \"" + text + "\"");
    }
    return new LimitKey(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(LimitKey other) {
    return toString().compareTo(other.toString());
  }

  /** As {@code carrier/dhl}. */
  @Override
  public String toString() {
    return limit + "/" + key;
  }
}
