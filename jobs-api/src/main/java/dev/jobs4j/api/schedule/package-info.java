/**
 * When recurring jobs run. A {@link dev.jobs4j.api.schedule.Schedule} says at which instants,
 * purely and without a clock: by {@linkplain dev.jobs4j.api.schedule.CronSchedule cron}, at a
 * {@linkplain dev.jobs4j.api.schedule.FixedRate fixed rate} or with a {@linkplain
 * dev.jobs4j.api.schedule.FixedDelay fixed delay}; it can be written as text and read back. Read
 * {@code dev.jobs4j.api} next.
 */
@NullMarked
package dev.jobs4j.api.schedule;

import org.jspecify.annotations.NullMarked;
