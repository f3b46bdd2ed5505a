/** Counts and times jobs with Micrometer. Read {@code dev.jobs4j.api.event} next. */
@NullMarked
package dev.jobs4j.core.metrics;

import org.jspecify.annotations.NullMarked;
