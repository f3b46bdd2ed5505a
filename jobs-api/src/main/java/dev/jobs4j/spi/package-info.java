/**
 * What a backend implements. A {@link dev.jobs4j.spi.JobStore} keeps jobs in a database, a {@link
 * dev.jobs4j.spi.JobTransport} moves them over a broker; the engine sees both as a {@link
 * dev.jobs4j.spi.JobSource} that gives jobs under an opaque {@link dev.jobs4j.spi.Lease} and takes
 * back an {@link dev.jobs4j.spi.Outcome}. The contract tests in package {@code dev.jobs4j.tck} are
 * this text, executable: an implementation is done when they pass.
 */
@NullMarked
package dev.jobs4j.spi;

import org.jspecify.annotations.NullMarked;
