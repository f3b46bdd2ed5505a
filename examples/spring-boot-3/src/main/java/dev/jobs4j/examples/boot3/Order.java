package dev.jobs4j.examples.boot3;

/**
 * What a customer ordered; also the payload of the job that confirms it.
 *
 * @param number the number that it got
 * @param customer who ordered
 * @param cents what it costs
 */
public record Order(long number, String customer, long cents) {}
