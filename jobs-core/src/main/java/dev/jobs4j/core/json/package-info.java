/** JSON payloads with Jackson 2, whose types stay in here. Read {@code dev.jobs4j.spi} next. */
@NullMarked
package dev.jobs4j.core.json;

import org.jspecify.annotations.NullMarked;
