package dev.jobs4j.api;

import java.time.Instant;

/**
 * A line of {@link JobRequest#fifo} jobs that stands still because the first of them is a dead
 * letter: it goes on once that is redriven and has ended well, or is discarded.
 *
 * @param key of the line
 * @param letter the dead letter at its head
 * @param since when that died, by the store's clock
 * @param waiting how many jobs stand behind it
 */
public record BlockedLine(String key, JobId letter, Instant since, long waiting) {}
