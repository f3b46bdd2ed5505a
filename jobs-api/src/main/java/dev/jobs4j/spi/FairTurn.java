package dev.jobs4j.spi;

import java.util.Map;

/**
 * Where a round over the tenants of a queue stands. A claim goes on from here: {@code tenant} gets
 * up to {@code left} jobs, the next one by name as many as it weighs, and so on, from the last to
 * the first again, until enough are given or nobody has a due job; a tenant without one is passed
 * over at once. Within a tenant the most urgent comes first. Jobs without a tenant are those of the
 * tenant {@code ""}. This is deficit round robin (Shreedhar and Varghese, 1995) with jobs of one
 * size.
 *
 * @param tenant whose turn it is
 * @param left how many more it gets in this round, ≥ 0
 * @param weights how many jobs a tenant gets in a round, ≥ 1; others get 1
 */
public record FairTurn(String tenant, int left, Map<String, Integer> weights) {
  /** Copies the map; a negative rest and a weight below 1 are refused. */
  public FairTurn {
    weights = Map.copyOf(weights);
    if (left < 0) {
      throw new IllegalArgumentException("left must be >= 0, was " + left);
    }
    weights.forEach(
        (name, weight) -> {
          if (weight < 1) {
            throw new IllegalArgumentException("weight of " + name + " must be >= 1: " + weight);
          }
        });
  }

  /** The beginning of a round. */
  public static FairTurn first(Map<String, Integer> weights) {
    return new FairTurn("", weights.getOrDefault("", 1), weights);
  }

  /** How many jobs a tenant gets in a round. */
  public int weight(String of) {
    return weights.getOrDefault(of, 1);
  }

  /** Where the round stands after a job of this tenant was given. */
  public FairTurn after(String given) {
    int before = given.equals(tenant) && left > 0 ? left : weight(given);
    return new FairTurn(given, before - 1, weights);
  }
}
