/**
 * When a failed attempt is tried again: {@link dev.jobs4j.api.retry.RetryPolicy} decides, purely,
 * from the attempt, the job's age and the error; {@link dev.jobs4j.api.retry.RetryableErrors} says
 * which errors, {@link dev.jobs4j.api.retry.Backoff} how long to wait. Read {@code dev.jobs4j.api}
 * next.
 */
@NullMarked
package dev.jobs4j.api.retry;

import org.jspecify.annotations.NullMarked;
