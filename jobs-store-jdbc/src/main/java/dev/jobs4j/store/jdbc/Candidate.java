package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.LeasedJob;
import java.time.Instant;
import java.util.Comparator;

/** A job found due, with what decides its place: the more urgent first, then the longest due. */
record Candidate(LeasedJob job, int priority, Instant runAt) {

  static final Comparator<Candidate> IN_ORDER =
      Comparator.comparingInt(Candidate::priority)
          .thenComparing(Candidate::runAt)
          .thenComparing(candidate -> candidate.job().id());
}
