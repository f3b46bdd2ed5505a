/**
 * What a payload goes through on its way into a store and back: {@link
 * dev.jobs4j.core.internal.payload.Payloads} is the one pipeline that the client (stop 1) and the
 * worker (stop 5) use. Read {@code dev.jobs4j.spi.PayloadCodec} next.
 */
@NullMarked
package dev.jobs4j.core.internal.payload;

import org.jspecify.annotations.NullMarked;
