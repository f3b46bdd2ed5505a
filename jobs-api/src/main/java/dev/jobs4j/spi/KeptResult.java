package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import org.jspecify.annotations.Nullable;

/**
 * Where a job is, and the result that it left.
 *
 * @param id the job
 * @param type the registered name of its kind
 * @param tenant on whose behalf it ran, or null
 * @param state where it is in its life
 * @param value its encoded result, or null if it has left none
 */
public record KeptResult(
    JobId id, String type, @Nullable String tenant, JobState state, @Nullable Payload value) {}
