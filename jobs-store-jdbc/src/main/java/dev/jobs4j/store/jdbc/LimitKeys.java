package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.LimitKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The limits of a job in one column, a line each: a key has no control characters. */
final class LimitKeys {

  private LimitKeys() {}

  static @Nullable String write(Collection<LimitKey> keys) {
    return keys.isEmpty()
        ? null
        : new TreeSet<>(keys).stream().map(LimitKey::toString).collect(Collectors.joining("\n"));
  }

  /** In order, as every lock on keys is taken. */
  static Set<LimitKey> read(@Nullable String column) {
    return column == null
        ? Set.of()
        : Arrays.stream(column.split("\n", -1))
            .map(LimitKey::parse)
            .collect(Collectors.toCollection(TreeSet::new));
  }
}
