/**
 * Which code runs which type of job: found on {@code @JobHandler} methods or given as functions,
 * with interceptors around it. Read {@code dev.jobs4j.core.internal.worker} next.
 */
@NullMarked
package dev.jobs4j.core.internal.handler;

import org.jspecify.annotations.NullMarked;
