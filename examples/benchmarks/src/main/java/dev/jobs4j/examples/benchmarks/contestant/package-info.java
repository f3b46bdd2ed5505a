/**
 * The systems that are measured: plain JDBC, the library and its peers, all behind {@link
 * dev.jobs4j.examples.benchmarks.contestant.Contestant}. {@link
 * dev.jobs4j.examples.benchmarks.contestant.Roster} knows them by name.
 */
@NullMarked
package dev.jobs4j.examples.benchmarks.contestant;

import org.jspecify.annotations.NullMarked;
