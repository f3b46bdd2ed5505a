/**
 * The contract test kit: the promises of the SPI as tests that any store or transport can extend.
 *
 * <p>It is published as the test-jar of jobs-core. A suite says which backend it ran against with
 * {@link dev.jobs4j.tck.BackendReport}.
 */
@NullMarked
package dev.jobs4j.tck;

import org.jspecify.annotations.NullMarked;
