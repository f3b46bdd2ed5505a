package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobType;
import java.util.List;

/**
 * The job of telling somebody else what came of the pictures. The address is not part of it: each
 * run has its own local endpoint.
 *
 * @param folder where the pictures are
 * @param pictures how many there were
 * @param done how many of them have thumbnails
 * @param givenUp what was given up, with the reason
 */
record DeliverSummary(String folder, int pictures, int done, List<GivenUp> givenUp) {

  static final JobType<DeliverSummary> TYPE = JobType.of("summary.deliver", DeliverSummary.class);

  /** A picture without thumbnails, and why. */
  record GivenUp(String picture, String reason, String message) {}
}
