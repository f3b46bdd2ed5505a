/**
 * What an application writes against: {@link dev.jobs4j.api.JobClient} puts a {@link
 * dev.jobs4j.api.JobRequest} of a {@link dev.jobs4j.api.JobType} into a queue, a {@link
 * dev.jobs4j.api.JobHandler} method (or a {@link dev.jobs4j.api.JobExecutor}) runs it. Read {@code
 * dev.jobs4j.api.retry}, {@code dev.jobs4j.api.schedule} and {@code dev.jobs4j.api.event} next;
 * {@code dev.jobs4j.spi} is for authors of stores and transports.
 */
@NullMarked
package dev.jobs4j.api;

import org.jspecify.annotations.NullMarked;
