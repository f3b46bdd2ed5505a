package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the common part of what is called {@code .env}: lines of {@code NAME=value}, {@code export}
 * before the name if one likes, {@code #} for comments. In single quotes a value is literal, in
 * double quotes {@code \n \r \t \" \\ \$} are escapes, and both may span lines; without quotes a
 * comment may follow after a blank. Nothing is expanded. Of a name that stands twice the last
 * counts, as for Docker and for shells.
 */
final class DotEnv {

  private static final Pattern NAME =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)[ \\t]*=[ \\t]*");

  private final Path file;
  private final String text;
  private int at;

  private DotEnv(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * What the file sets; nothing if there is none.
   *
   * @throws InvalidJobException if it cannot be read; the message names the line, never its text
   */
  static Map<String, String> read(Path file) {
    try {
      String text = Files.readString(file);
      return new DotEnv(file, text.replace("\r\n", "\n").replace('\r', '\n') + "\n").parse();
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      throw new InvalidJobException(file + " cannot be read as UTF-8 text: " + e, e);
    }
  }

  private Map<String, String> parse() {
    Map<String, String> values = new LinkedHashMap<>();
    if (text.startsWith("\uFEFF")) {
      at = 1;
    }
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      String line = text.substring(at, end);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        at = end + 1;
        continue;
      }
      Matcher name = NAME.matcher(line);
      if (!name.lookingAt()) {
        throw wrong("is not NAME=value");
      }
      int start = at;
      at += name.end();
      values.put(name.group(1), value(start));
    }
    return values;
  }

  private String value(int lineStart) {
    char first = text.charAt(at);
    if (first != '"' && first != '\'') {
      int end = text.indexOf('\n', at);
      String value = text.substring(at, end);
      at = end + 1;
      return value.startsWith("#") ? "" : value.replaceFirst("\\s#.*$", "").strip();
    }
    int close = at + 1;
    while (close < text.length() && text.charAt(close) != first) {
      close += first == '"' && text.charAt(close) == '\\' ? 2 : 1;
    }
    if (close >= text.length()) {
      at = lineStart;
      throw wrong("begins a quote that does not end");
    }
    String quoted = text.substring(at + 1, close);
    at = close + 1;
    requireNothingButAComment();
    return first == '"' ? unescaped(quoted) : quoted;
  }

  private void requireNothingButAComment() {
    int end = text.indexOf('\n', at);
    String rest = text.substring(at, end);
    if (!rest.isBlank() && !rest.stripLeading().startsWith("#")) {
      throw wrong("has text after its closing quote");
    }
    at = end + 1;
  }

  private static String unescaped(String quoted) {
    StringBuilder value = new StringBuilder(quoted.length());
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\' || i + 1 == quoted.length()) {
        value.append(c);
        continue;
      }
      char escaped = quoted.charAt(++i);
      switch (escaped) {
        case 'n' -> value.append('\n');
        case 'r' -> value.append('\r');
        case 't' -> value.append('\t');
        case '"', '\\', '$' -> value.append(escaped);
        default -> value.append('\\').append(escaped);
      }
    }
    return value.toString();
  }

  private InvalidJobException wrong(String why) {
    long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    return new InvalidJobException(file + ": line " + line + " " + why);
  }
}
