package dev.jobs4j.core.testing;

import dev.jobs4j.api.Job;

/**
 * A job that the code under test has enqueued.
 *
 * @param job the job as it is now
 * @param payload what was given to the enqueue
 */
public record EnqueuedJob<P>(Job job, P payload) {}
