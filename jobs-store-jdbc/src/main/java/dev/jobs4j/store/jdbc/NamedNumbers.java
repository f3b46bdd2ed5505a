package dev.jobs4j.store.jdbc;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Numbers by name in one column, a line each: {@code 10 mail}. */
final class NamedNumbers {

  private NamedNumbers() {}

  static String write(Map<String, Integer> numbers) {
    return new TreeMap<>(numbers)
        .entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining("\n"));
  }

  static Map<String, Integer> read(String column) {
    Map<String, Integer> numbers = new HashMap<>();
    column
        .lines()
        .forEach(
            line -> {
              int blank = line.indexOf(' ');
              numbers.put(line.substring(blank + 1), Integer.valueOf(line.substring(0, blank)));
            });
    return numbers;
  }
}
