/**
 * When a failed attempt is tried again: {@link dev.jobs4j.api.retry.RetryPolicy} decides, purely,
 * from the attempt and its error; {@link dev.jobs4j.api.retry.Backoff} says how long to wait. Read
 * {@code dev.jobs4j.api} next.
 */
@NullMarked
package dev.jobs4j.api.retry;

import org.jspecify.annotations.NullMarked;
