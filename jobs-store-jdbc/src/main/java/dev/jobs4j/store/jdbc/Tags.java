package dev.jobs4j.store.jdbc;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tags of a job in one column: each with a blank before and behind it, so that one can be
 * looked for with its blanks. A tag has none itself.
 */
final class Tags {

  private Tags() {}

  static @Nullable String write(Collection<String> tags) {
    return tags.isEmpty() ? null : " " + String.join(" ", new TreeSet<>(tags)) + " ";
  }

  /** Finds a tag in the column by LIKE, with ! before what would mean something else there. */
  static String pattern(String tag) {
    return "% " + tag.replace("!", "!!").replace("%", "!%").replace("_", "!_") + " %";
  }

  static Set<String> read(@Nullable String column) {
    return column == null
        ? Set.of()
        : Arrays.stream(column.strip().split(" ")).collect(Collectors.toUnmodifiableSet());
  }
}
