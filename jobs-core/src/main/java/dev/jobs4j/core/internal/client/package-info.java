/**
 * Stops 1 and 2 of a job's way: checks a request, encodes it, names it and brings it to the backend
 * of its queue. Read {@code dev.jobs4j.core.internal.worker} next.
 */
@NullMarked
package dev.jobs4j.core.internal.client;

import org.jspecify.annotations.NullMarked;
