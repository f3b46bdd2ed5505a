/**
 * What happened, for metrics, logs and the host's own code: a {@link
 * dev.jobs4j.api.event.JobListener} is told every {@link dev.jobs4j.api.event.JobEvent}. Read
 * {@code dev.jobs4j.core.metrics} for one that counts.
 */
@NullMarked
package dev.jobs4j.api.event;

import org.jspecify.annotations.NullMarked;
