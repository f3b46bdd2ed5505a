/**
 * What every process swears to have done, in files outside of the system under test: a line is on
 * disk before what it tells goes on. Read {@link dev.jobs4j.examples.chaos.ledger.Ledger} first.
 */
@NullMarked
package dev.jobs4j.examples.chaos.ledger;

import org.jspecify.annotations.NullMarked;
