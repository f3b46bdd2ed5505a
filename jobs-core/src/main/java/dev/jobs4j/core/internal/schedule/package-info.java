/**
 * Recurring jobs, which enter a job's way at stop 1: {@link
 * dev.jobs4j.core.internal.schedule.Scheduler} asks the store what is due, {@link
 * dev.jobs4j.core.internal.schedule.Look} decides purely, and the store applies the step. Read
 * {@code dev.jobs4j.spi.ScheduleStore} next.
 */
@NullMarked
package dev.jobs4j.core.internal.schedule;

import org.jspecify.annotations.NullMarked;
