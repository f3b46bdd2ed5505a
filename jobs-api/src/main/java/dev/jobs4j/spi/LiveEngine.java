package dev.jobs4j.spi;

/**
 * An engine whose lease has not expired, and what it does.
 *
 * @param info as it introduced itself
 * @param running how many jobs of the queue in question it runs
 * @param suspects how many suspects it runs, whatever their queue
 * @param holds whether it runs the job in question
 */
public record LiveEngine(EngineInfo info, int running, int suspects, boolean holds) {}
