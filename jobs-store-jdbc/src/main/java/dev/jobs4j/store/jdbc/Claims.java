package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Stop 3: gives out due jobs, in order. */
interface Claims {

  /** See {@link dev.jobs4j.spi.JobStore#claim}. */
  List<LeasedJob> claim(ClaimRequest request);

  /** Jobs may have become due that lie before those which were due first. */
  default void lookAgain() {}

  /** A claim whose reply was lost had given out these. */
  default void given(EngineId engine, UUID claimId, List<LeasedJob> jobs) {}

  /** Keeps what claims rest on in order; now and then, off their way. */
  default void tend() {}

  /** By the store's books, jobs do not run under these leases any more. */
  default void ended(Collection<? extends Lease> leases) {}

  /** An engine claims no more. */
  default void left(EngineId engine) {}

  /** See {@link dev.jobs4j.spi.JobStore#opensIn}. */
  Optional<Duration> opensIn(JobQueue queue);

  /** What is wrong with the plan of a claim, if anything; in a transaction that is open. */
  default List<String> planTroubles(Connection connection) throws SQLException {
    return List.of();
  }

  /** See {@link dev.jobs4j.spi.JobStore#hasMetLimits}. */
  boolean hasMetLimits();
}
