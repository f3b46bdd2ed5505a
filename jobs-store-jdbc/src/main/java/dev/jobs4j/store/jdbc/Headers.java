package dev.jobs4j.store.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Headers as one JSON object of strings, so that any language can read the column. Everything that
 * is not printable ASCII is escaped: no database refuses it, whatever its character set.
 */
final class Headers {

  private final String text;
  private int at;

  private Headers(String text) {
    this.text = text;
  }

  /** Null for none. */
  static @Nullable String write(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    new TreeMap<>(headers)
        .forEach(
            (name, value) -> {
              out.append(out.isEmpty() ? '{' : ',');
              quote(out, name);
              out.append(':');
              quote(out, value);
            });
    return out.append('}').toString();
  }

  /** What cannot be read comes as one header: a claim must not fail for all because of one row. */
  static Map<String, String> read(@Nullable String text) {
    if (text == null) {
      return Map.of();
    }
    try {
      return new Headers(text).object();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Map.of("jobs.unreadable", text);
    }
  }

  private static void quote(StringBuilder out, String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private Map<String, String> object() {
    Map<String, String> headers = new LinkedHashMap<>();
    expect('{');
    while (peek() != '}') {
      if (!headers.isEmpty()) {
        expect(',');
      }
      String name = string();
      expect(':');
      headers.put(name, string());
    }
    return headers;
  }

  private String string() {
    expect('"');
    StringBuilder value = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      value.append(c == '\\' ? escaped(next()) : c);
    }
    return value.toString();
  }

  private char escaped(char c) {
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text, at - 4, at, 16);
      }
      default -> c;
    };
  }

  private void expect(char c) {
    if (peek() != c) {
      throw new IllegalArgumentException("Not a JSON object of strings, at " + at + ": " + text);
    }
    at++;
  }

  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char next() {
    if (at >= text.length()) {
      throw new IllegalArgumentException("Not a JSON object of strings, ends early: " + text);
    }
    return text.charAt(at++);
  }
}
