package dev.jobs4j.spi;

/** The outcome of one delivery, on its way back to where the job came from. */
public record Settlement(Lease lease, Outcome outcome) {}
