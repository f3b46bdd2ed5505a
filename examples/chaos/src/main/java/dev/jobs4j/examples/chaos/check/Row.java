package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.api.JobState;
import org.jspecify.annotations.Nullable;

/**
 * A job as the database has it at the end.
 *
 * @param result what its handler returned, which is the token it ran under; null for none
 */
public record Row(
    String name, String id, JobState state, long token, int attempt, @Nullable String result) {}
