package dev.jobs4j.core.memory;

import java.util.Map;
import java.util.Set;

/** Which jobs a claim may take. */
record Wanted(Map<String, Integer> types, Set<String> pausedTenants, long now, boolean suspects) {
  /** Whether it is of a kind and of a tenant that may be taken. */
  boolean includes(Row row) {
    return row.job.typeVersion() <= types.getOrDefault(row.job.type(), 0)
        && !pausedTenants.contains(row.tenant());
  }

  Wanted withoutSuspects() {
    return new Wanted(types, pausedTenants, now, false);
  }
}
