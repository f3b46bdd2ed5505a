package dev.jobs4j.spi;

import dev.jobs4j.api.JobQueue;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A wish for due jobs.
 *
 * @param engine who asks; it gets nothing unless it is LIVE
 * @param claimId names this claim, so that its outcome can be asked for if the reply is lost
 * @param queue the line
 * @param types the kinds it knows, each with the newest version of its payload that it reads;
 *     others, and newer versions, are left alone
 * @param limit at most so many, ≥ 1
 * @param ahead so many of them, at most {@code limit}, cannot start yet and are to be at hand: no
 *     job that counts against a limit is given out for one of these, nor a suspect
 * @param suspect whether one of them may be a suspect
 * @param turn whose turn it is, to give to tenants by turns; null to give by urgency alone
 */
public record ClaimRequest(
    EngineId engine,
    UUID claimId,
    JobQueue queue,
    Map<String, Integer> types,
    int limit,
    int ahead,
    boolean suspect,
    @Nullable FairTurn turn) {
  /** Copies the map; a limit below 1 is refused, and an ahead that is not within it. */
  public ClaimRequest {
    types = Map.copyOf(types);
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be >= 1, was " + limit);
    }
    if (ahead < 0 || ahead > limit) {
      throw new IllegalArgumentException("ahead must be 0 to " + limit + ", was " + ahead);
    }
  }

  /** How many of the jobs could start now. */
  public int places() {
    return limit - ahead;
  }

  /** A wish for the most urgent, whoever's they are. */
  public ClaimRequest(
      EngineId engine,
      UUID claimId,
      JobQueue queue,
      Map<String, Integer> types,
      int limit,
      boolean suspect) {
    this(engine, claimId, queue, types, limit, 0, suspect, null);
  }
}
