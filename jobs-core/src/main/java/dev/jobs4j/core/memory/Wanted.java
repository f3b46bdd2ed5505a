package dev.jobs4j.core.memory;

import java.util.Map;
import java.util.Set;

/** Which jobs a claim may take. */
record Wanted(Map<String, Integer> types, Set<String> pausedTenants, long now, boolean suspects) {
  Wanted withoutSuspects() {
    return new Wanted(types, pausedTenants, now, false);
  }
}
