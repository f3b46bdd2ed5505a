package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.ClaimRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an engine can run, as two lists: the names of its types, and the payload versions above the
 * first that it reads, written {@code type#version}. The first version is what nearly every job
 * has, so its rows are decided by the name alone.
 */
final class Kinds {

  private Kinds() {}

  static List<String> names(ClaimRequest request) {
    return List.copyOf(request.types().keySet());
  }

  static List<String> laterVersions(ClaimRequest request) {
    return laterVersions(request.types());
  }

  static List<String> laterVersions(Map<String, Integer> types) {
    List<String> versions = new ArrayList<>();
    for (Map.Entry<String, Integer> type : types.entrySet()) {
      for (int version = 2; version <= type.getValue(); version++) {
        versions.add(type.getKey() + "#" + version);
      }
    }
    return versions;
  }
}
