/**
 * The contract test kit: the promises of the SPI as tests that any store or transport can extend.
 *
 * <p>An author of a store writes a {@link dev.jobs4j.tck.StoreFixture} and a test class of some
 * twenty lines that extends {@link dev.jobs4j.tck.JobStoreContract}; the store is done when that is
 * green. Each case is one promise and names it. A suite says which backend it ran against with
 * {@link dev.jobs4j.tck.BackendReport}. Published as the test-jar of jobs-core.
 */
@NullMarked
package dev.jobs4j.tck;

import org.jspecify.annotations.NullMarked;
