/** Keys for encryption that a host simply has. Read {@code dev.jobs4j.spi.KeyProvider} next. */
@NullMarked
package dev.jobs4j.core.crypto;

import org.jspecify.annotations.NullMarked;
