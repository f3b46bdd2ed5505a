package dev.jobs4j.spi;

/**
 * The right to settle one delivery of one job: row and token, partition epoch and offset, channel
 * generation and tag. Opaque to the engine, which only carries it back. Immutable, with {@code
 * equals}, and with a {@code toString} that names the delivery for logs.
 */
public interface Lease {}
