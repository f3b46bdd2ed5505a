/**
 * What is measured: a {@link dev.jobs4j.examples.benchmarks.scenario.Scenario} is a list of
 * entrants that take turns. {@link dev.jobs4j.examples.benchmarks.scenario.Scenarios} has them all.
 */
@NullMarked
package dev.jobs4j.examples.benchmarks.scenario;

import org.jspecify.annotations.NullMarked;
