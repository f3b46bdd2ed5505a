/**
 * The jobs of a run and the process that works them: {@link
 * dev.jobs4j.examples.chaos.work.ChaosWorker}. Its handlers swear to a ledger what they do, and a
 * listener what was accepted of it.
 */
@NullMarked
package dev.jobs4j.examples.chaos.work;

import org.jspecify.annotations.NullMarked;
