/**
 * The wire between a process and its database, which can be made bad: {@link
 * dev.jobs4j.examples.chaos.wire.Wire} forwards TCP and does not let pass, delays, resets or cuts;
 * {@link dev.jobs4j.examples.chaos.wire.Conversation} understands as much of PostgreSQL's protocol
 * as it takes to see a commit go by.
 */
@NullMarked
package dev.jobs4j.examples.chaos.wire;

import org.jspecify.annotations.NullMarked;
