/**
 * The settings of an engine, as immutable records that are checked when made. A leaf: nothing here
 * knows the engine. Read {@code dev.jobs4j.core} next.
 */
@NullMarked
package dev.jobs4j.core.config;

import org.jspecify.annotations.NullMarked;
