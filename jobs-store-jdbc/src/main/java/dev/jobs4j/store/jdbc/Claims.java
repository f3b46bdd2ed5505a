package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Stop 3: gives out due jobs, in order. */
interface Claims {

  /** See {@link dev.jobs4j.spi.JobStore#claim}. */
  List<LeasedJob> claim(ClaimRequest request);

  /** Jobs may have become due that lie before those which were due first. */
  default void lookAgain() {}

  /** See {@link dev.jobs4j.spi.JobStore#opensIn}. */
  Optional<Duration> opensIn(JobQueue queue);

  /** See {@link dev.jobs4j.spi.JobStore#hasMetLimits}. */
  boolean hasMetLimits();
}
