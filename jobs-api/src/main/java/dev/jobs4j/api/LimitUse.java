package dev.jobs4j.api;

/**
 * How a key of a limit stands.
 *
 * @param key which one
 * @param running how many leases count against it now
 * @param waiting how many due jobs it keeps waiting, as far as a claim has met them
 */
public record LimitUse(LimitKey key, int running, int waiting) {}
