package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.JobRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.util.List;

/** Stop 1 for the jobs that follow one which ends well. */
@FunctionalInterface
public interface FollowUps {

  /**
   * Makes jobs of these requests. Those that the success's own settlement cannot store are enqueued
   * at once; the others are returned, to be stored with it.
   *
   * @throws dev.jobs4j.api.InvalidJobException if one asks for what its backend cannot do
   */
  List<NewJob> of(LeasedJob done, List<JobRequest<?>> requests);
}
