/**
 * A store without a database, {@link dev.jobs4j.core.memory.InMemoryJobStore}: for tests, tools and
 * jobs that may die with their process. It is also the model of the contract: read it beside {@link
 * dev.jobs4j.spi.JobStore}.
 */
@NullMarked
package dev.jobs4j.core.memory;

import org.jspecify.annotations.NullMarked;
