/**
 * Worker processes on a real PostgreSQL are killed, frozen and cut off, and what became of every
 * job is checked against ledgers outside of the system. Start with {@link
 * dev.jobs4j.examples.chaos.Chaos}.
 */
@NullMarked
package dev.jobs4j.examples.chaos;

import org.jspecify.annotations.NullMarked;
