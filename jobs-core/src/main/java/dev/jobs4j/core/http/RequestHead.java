package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand in a request's head: methods, names and values of header fields (RFC 9110). */
final class RequestHead {

  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE", "GET");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("([!-~]([\\t -~]{0,8000}[!-~])?)?");

  /** They frame the message, choose its receiver, or are ours to say. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "http2-settings",
          "expect",
          "te",
          "trailer",
          "user-agent",
          "idempotency-key",
          "job-attempt",
          "job-signature");

  private RequestHead() {}

  static Set<String> checkedMethods(Set<String> methods) {
    if (methods.isEmpty() || !METHODS.containsAll(methods)) {
      throw new InvalidJobException(
          "methods must be some of " + new TreeSet<>(METHODS) + ", was " + methods);
    }
    return Set.copyOf(methods);
  }

  /** In lower case. */
  static Set<String> checkedNames(Set<String> names) {
    Set<String> checked = new LinkedHashSet<>();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!TOKEN.matcher(name).matches() || OURS.contains(lower) || lower.startsWith("proxy-")) {
        throw new InvalidJobException("headers: \"" + name + "\" cannot be left to a job");
      }
      checked.add(lower);
    }
    return Set.copyOf(checked);
  }

  /** Visible ASCII, with spaces and tabs inside; so no line break can begin a header of its own. */
  static void requireValue(String name, String value) {
    if (!VALUE.matcher(value).matches()) {
      throw new InvalidJobException(
          name
              + " must hold visible ASCII only and no line break, had "
              + value.length()
              + " characters");
    }
  }

  /** Refuses what a job must not set. */
  static void requireAllowed(CallbackOptions options, String name, @Nullable String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!options.headers().contains(lower)) {
      // A name that was not allowed may be anything; only a clean one is told.
      String told = TOKEN.matcher(name).matches() ? "\"" + name + "\"" : "with that name";
      throw new InvalidJobException(
          "a header " + told + " is not allowed, only " + new TreeSet<>(options.headers()));
    }
    if (value == null) {
      throw new InvalidJobException("header " + lower + " has no value");
    }
    requireValue("header " + lower, value);
  }
}
