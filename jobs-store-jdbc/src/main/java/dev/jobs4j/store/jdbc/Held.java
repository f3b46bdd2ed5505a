package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Pause.Scope;
import dev.jobs4j.spi.ClaimRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a claim of several statements must leave alone, read at its beginning. A claim of one
 * statement reads the same table in it. Not thread-safe.
 */
final class Held {

  /**
   * Which pauses concern a queue and an engine, its two parameters; goes behind a SELECT of scope
   * and name.
   */
  static final String FROM =
      """
        FROM {p}pause
       WHERE (paused_until IS NULL OR paused_until > {now})
         AND (scope IN ('TYPE', 'TENANT') OR (scope = 'QUEUE' AND name = ?)
              OR (scope = 'NODE' AND name = (SELECT name FROM {p}engine WHERE id = ?)))
      """;

  private final List<String> types = new ArrayList<>();
  private final List<String> tenants = new ArrayList<>();
  private boolean all;

  /** Takes in a row of scope and name. */
  void add(Row row) throws SQLException {
    switch (Scope.valueOf(row.text("scope"))) {
      case TYPE -> types.add(row.text("name"));
      case TENANT -> tenants.add(row.text("name"));
      case NODE, QUEUE -> all = true;
    }
  }

  /** Whether the queue or the node stands still, or every type of the request. */
  boolean all(ClaimRequest request) {
    return all || types.containsAll(request.types().keySet());
  }

  List<String> tenants() {
    return tenants;
  }

  /** The request without the types that are paused. */
  ClaimRequest running(ClaimRequest request) {
    if (types.isEmpty()) {
      return request;
    }
    Map<String, Integer> running = new HashMap<>(request.types());
    types.forEach(running::remove);
    return new ClaimRequest(
        request.engine(),
        request.claimId(),
        request.queue(),
        running,
        request.limit(),
        request.ahead(),
        request.suspect(),
        request.turn());
  }
}
