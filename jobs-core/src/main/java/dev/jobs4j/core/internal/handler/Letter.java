package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * What a dead-letter handler is run for.
 *
 * @param payload what the job's own handler would be given, or null if that cannot be read
 */
public record Letter(DeadLetter letter, @Nullable Object payload) {}
