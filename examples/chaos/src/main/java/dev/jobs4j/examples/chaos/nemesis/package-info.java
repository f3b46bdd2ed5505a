/**
 * What breaks the system under test: a seeded {@link dev.jobs4j.examples.chaos.nemesis.Plan} of
 * faults, and the {@link dev.jobs4j.examples.chaos.nemesis.Nemesis} that carries it out and swears
 * when each of them began and ended.
 */
@NullMarked
package dev.jobs4j.examples.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
