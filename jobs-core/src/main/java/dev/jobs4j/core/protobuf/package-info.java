/**
 * Protocol Buffers payloads; needs protobuf-java, which a host brings. Read {@code
 * dev.jobs4j.spi.PayloadCodec} next.
 */
@NullMarked
package dev.jobs4j.core.protobuf;

import org.jspecify.annotations.NullMarked;
