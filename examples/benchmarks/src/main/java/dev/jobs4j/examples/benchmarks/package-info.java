/**
 * How fast, compared with what the same database gives to plain JDBC in the same run. Start with
 * {@link dev.jobs4j.examples.benchmarks.Benchmarks}.
 */
@NullMarked
package dev.jobs4j.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
