package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import java.util.List;

/** Stop 3: gives out due jobs, in order. */
interface Claims {

  /** See {@link dev.jobs4j.spi.JobStore#claim}. */
  List<LeasedJob> claim(ClaimRequest request);
}
