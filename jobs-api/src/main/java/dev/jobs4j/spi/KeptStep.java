package dev.jobs4j.spi;

import org.jspecify.annotations.Nullable;

/**
 * A step that an attempt has done.
 *
 * @param name what its job calls it, at most 120 characters
 * @param value what it left, or null if it leaves nothing
 */
public record KeptStep(String name, @Nullable Payload value) {}
