package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Starts the jobs of a queue by turns of their tenants, so that a tenant with few jobs does not
 * wait for one with many. A tenant without due jobs gives its turn to the others; within a tenant
 * the most urgent job comes first. Jobs without a tenant are those of one more tenant, {@code ""}.
 * Each engine takes turns by itself, which shares the starts of all of them alike.
 *
 * @param weights how many jobs a tenant starts in a round, 1 to 1000; others start 1
 */
public record FairShare(Map<String, Integer> weights) {

  /** Checks the weights and copies the map. */
  public FairShare {
    weights = Map.copyOf(weights);
    weights.forEach(
        (tenant, weight) -> {
          if (weight < 1 || weight > 1_000) {
            throw new InvalidJobException(
                "weight of tenant \"" + tenant + "\" must be 1 to 1000, was " + weight);
          }
        });
  }

  /** The same for all. */
  public static FairShare equal() {
    return new FairShare(Map.of());
  }

  /** Starts so many jobs of this tenant in a round. */
  public FairShare weight(String tenant, int weight) {
    Map<String, Integer> more = new LinkedHashMap<>(weights);
    more.put(tenant, weight);
    return new FairShare(more);
  }
}
