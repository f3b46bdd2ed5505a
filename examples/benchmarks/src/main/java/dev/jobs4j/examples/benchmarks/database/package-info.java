/**
 * The servers that a run is measured on, and what they and this JVM have counted. Begin with {@link
 * dev.jobs4j.examples.benchmarks.database.Database}.
 */
@NullMarked
package dev.jobs4j.examples.benchmarks.database;

import org.jspecify.annotations.NullMarked;
