/**
 * Whether the promises held: the ledgers of all processes and the rows of the database make a
 * {@link dev.jobs4j.examples.chaos.check.History}, of which the {@link
 * dev.jobs4j.examples.chaos.check.Checker} asks one question for each {@link
 * dev.jobs4j.examples.chaos.check.Promise}.
 */
@NullMarked
package dev.jobs4j.examples.chaos.check;

import org.jspecify.annotations.NullMarked;
