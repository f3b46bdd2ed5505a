package dev.jobs4j.spi;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The side of a {@link JobStore} on which dead letters are looked at, mended, run again and thrown
 * away. Thread-safe. Each act writes its {@link AuditEntry} in its own transaction, and none if it
 * changed nothing.
 */
public interface DeadLetterRecords {

  /**
   * The letters that match, in order of id, at most {@code limit}, starting behind {@code after};
   * null starts at the first.
   */
  List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit);

  /** The same, of which only the ids are read. */
  List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit);

  /** The letter of a job. */
  Optional<DeadLetter> find(JobId id);

  /** The letters that match by fingerprint, most letters first, then in order of fingerprint. */
  List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit);

  /**
   * Makes dead letters pending again, each due after its delay, as {@link JobRecords#requeue} does;
   * what is no dead letter is passed over.
   *
   * @param delays by job; the answer keeps their order
   */
  Redriven redrive(Map<JobId, Duration> delays, Operator operator);

  /**
   * Gives a dead letter another payload, and forgets the steps that it has done.
   *
   * @return whether it was one
   */
  boolean edit(JobId id, Payload payload, int typeVersion, Operator operator);

  /** Deletes dead letters with their attempts; returns those that were some. */
  Set<JobId> discard(Collection<JobId> ids, Operator operator);

  /**
   * The lines whose first job is a letter, in order of their keys, at most {@code limit}, starting
   * behind {@code after}; null starts at the first. Empty without {@link Capability#FIFO}.
   */
  default List<BlockedLine> blockedLines(@Nullable String after, int limit) {
    return List.of();
  }

  /** What was done, or done to one job, the latest first, with numbers below {@code before}. */
  List<AuditEntry> audit(@Nullable JobId job, long before, int limit);
}
