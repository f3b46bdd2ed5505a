/**
 * Where an application starts: {@link dev.jobs4j.core.Jobs} enqueues and runs, {@link
 * dev.jobs4j.core.JobsBuilder} wires it, and is the only place that does. Read {@code
 * dev.jobs4j.core.config} for the settings and {@code dev.jobs4j.core.internal.client} for how a
 * job travels.
 */
@NullMarked
package dev.jobs4j.core;

import org.jspecify.annotations.NullMarked;
