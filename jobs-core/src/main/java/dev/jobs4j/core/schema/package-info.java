/**
 * Checks JSON payloads against JSON Schemas; needs the json-schema-validator of networknt, which a
 * host brings. Read {@code dev.jobs4j.spi.PayloadCheck} next.
 */
@NullMarked
package dev.jobs4j.core.schema;

import org.jspecify.annotations.NullMarked;
