package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pause.Scope;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a claim must leave alone, by scope. */
record Held(Map<Scope, Set<String>> names) {

  static final Held NOTHING = new Held(Map.of());

  static Held of(List<Pause> pauses) {
    Map<Scope, Set<String>> names = new EnumMap<>(Scope.class);
    for (Pause pause : pauses) {
      names
          .computeIfAbsent(pause.target().scope(), scope -> new HashSet<>())
          .add(pause.target().name());
    }
    return new Held(names);
  }

  /** Whether nothing at all may be given to this node from this queue. */
  boolean holds(String node, JobQueue queue) {
    return of(Scope.NODE).contains(node) || of(Scope.QUEUE).contains(queue.name());
  }

  /** Those of the types that are not paused. */
  Map<String, Integer> running(Map<String, Integer> types) {
    if (of(Scope.TYPE).isEmpty()) {
      return types;
    }
    Map<String, Integer> running = new HashMap<>(types);
    running.keySet().removeAll(of(Scope.TYPE));
    return running;
  }

  Set<String> tenants() {
    return of(Scope.TENANT);
  }

  private Set<String> of(Scope scope) {
    return names.getOrDefault(scope, Set.of());
  }
}
