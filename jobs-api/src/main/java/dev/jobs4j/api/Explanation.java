package dev.jobs4j.api;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a job is not running. Immutable.
 *
 * @param job as it was when it was looked at
 * @param asOf when that was, by the store's clock
 * @param obstacles all that keeps it from running, in the order of {@link Obstacle.Kind}; if empty,
 *     the next poll of one of the nodes starts it
 * @param nodes the nodes that could run it, while it has not started: those that count as alive,
 *     which one that is stopping or was killed does until its lease is over, and with the places
 *     they began with, hung handlers or not: their health tells those
 */
public record Explanation(Job job, Instant asOf, List<Obstacle> obstacles, List<String> nodes) {

  /** Copies the lists. */
  public Explanation {
    obstacles = List.copyOf(obstacles);
    nodes = List.copyOf(nodes);
  }

  /** Whether a claim would give it out, if it asked for enough jobs. */
  public boolean isClaimable() {
    return obstacles.stream().noneMatch(obstacle -> obstacle.kind().keepsOut());
  }

  /** The job and what keeps it, for people. */
  @Override
  public String toString() {
    return obstacles.isEmpty()
        ? job + " starts at the next poll of " + String.join(" or ", nodes)
        : obstacles.stream()
            .map(Obstacle::toString)
            .collect(Collectors.joining("; ", job + " ", ""));
  }
}
