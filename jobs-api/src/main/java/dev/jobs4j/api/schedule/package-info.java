/**
 * When recurring jobs run. A {@link dev.jobs4j.api.schedule.Schedule} says at which instants,
 * purely and without a clock: by {@linkplain dev.jobs4j.api.schedule.CronSchedule cron}, at a
 * {@linkplain dev.jobs4j.api.schedule.FixedRate fixed rate} or with a {@linkplain
 * dev.jobs4j.api.schedule.FixedDelay fixed delay}; it can be written as text and read back. A
 * {@link dev.jobs4j.api.schedule.RecurringJob} joins one to what is to run, with {@link
 * dev.jobs4j.api.schedule.Misfire} and {@link dev.jobs4j.api.schedule.Overlap} for the days on
 * which things go wrong. Read {@code dev.jobs4j.api} next.
 */
@NullMarked
package dev.jobs4j.api.schedule;

import org.jspecify.annotations.NullMarked;
