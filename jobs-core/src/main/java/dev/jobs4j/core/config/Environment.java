package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings from outside, as twelve-factor applications take them: the process's environment, else a
 * {@code .env} file, else the default of whoever asks. A variable that is set to nothing or to
 * blanks counts as not set. A wrong value is refused with the variable, the value, where it came
 * from and what is allowed. Immutable and thread-safe; read once, when it is made.
 */
public final class Environment {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KB|MB|GB|)");

  private record Setting(String text, String source) {}

  private final Map<String, Setting> settings = new HashMap<>();

  private Environment() {}

  private void add(String name, String text, String source) {
    if (!text.isBlank()) {
      settings.put(name, new Setting(text.strip(), source));
    }
  }

  /**
   * The environment of this process over {@code .env} in its working folder, if there is one.
   *
   * @throws InvalidJobException if that file cannot be read; the message names the line
   */
  public static Environment system() {
    return of(System.getenv(), Path.of(".env"));
  }

  /**
   * These variables over the file, if it exists.
   *
   * @throws InvalidJobException if the file cannot be read; the message names the line
   */
  public static Environment of(Map<String, String> variables, Path file) {
    Environment environment = new Environment();
    DotEnv.read(file).forEach((name, text) -> environment.add(name, text, file.toString()));
    return of(variables).or(environment);
  }

  /** These variables and nothing else. */
  public static Environment of(Map<String, String> variables) {
    Environment environment = new Environment();
    variables.forEach((name, text) -> environment.add(name, text, "the environment"));
    return environment;
  }

  /** The same, and of what is not set here whatever {@code fallback} sets. */
  public Environment or(Environment fallback) {
    Environment both = new Environment();
    both.settings.putAll(fallback.settings);
    both.settings.putAll(settings);
    return both;
  }

  /** The names of what is set, in order. */
  public Set<String> names() {
    return new TreeSet<>(settings.keySet());
  }

  /** What the variable is set to, without the blanks around it. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(settings.get(name)).map(Setting::text);
  }

  /**
   * The variable as whatever {@code reader} makes of it.
   *
   * @param allowed what is allowed, for the error: "must be …"
   * @throws InvalidJobException if the reader throws one, or an {@link IllegalArgumentException}
   */
  public <T> Optional<T> as(String name, String allowed, Function<String, T> reader) {
    Setting setting = settings.get(name);
    if (setting == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(setting.text));
    } catch (InvalidJobException | IllegalArgumentException e) {
      throw new InvalidJobException(
          name
              + " must be "
              + allowed
              + ", was \""
              + setting.text
              + "\" (from "
              + setting.source
              + ")",
          e);
    }
  }

  /** The variable as a whole number from {@code min} to {@code max}. */
  public Optional<Integer> number(String name, int min, int max) {
    String range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
    return as(
        name,
        "a whole number " + range,
        text -> {
          int value = Integer.parseInt(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        });
  }

  /** The variable as {@code true} or {@code false}, in any case. */
  public Optional<Boolean> flag(String name) {
    return as(
        name,
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither");
            });
  }

  /** The variable as a duration, as {@link Durations#parse} reads it. */
  public Optional<Duration> duration(String name) {
    return as(name, Durations.FORM, text -> Durations.parse(name, text));
  }

  /** The variable as a number of bytes, such as {@code 65536}, {@code 64KB} or {@code 1MB}. */
  public Optional<Integer> bytes(String name) {
    return as(
        name, "a size from 1B to below 2GB, such as 65536, 64KB or 1MB", Environment::bytesOf);
  }

  private static int bytesOf(String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no size");
    }
    long unit =
        switch (matcher.group(2)) {
          case "KB" -> 1L << 10;
          case "MB" -> 1L << 20;
          case "GB" -> 1L << 30;
          default -> 1L;
        };
    long count = Long.parseLong(matcher.group(1));
    if (count < 1 || count > Integer.MAX_VALUE / unit) {
      throw new IllegalArgumentException("out of range");
    }
    return (int) (count * unit);
  }

  /** The names only: values may be secrets. */
  @Override
  public String toString() {
    return "Environment" + names();
  }
}
