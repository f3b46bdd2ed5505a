/** What was measured: JSON lines, tables, and the goals beside them. */
@NullMarked
package dev.jobs4j.examples.benchmarks.report;

import org.jspecify.annotations.NullMarked;
