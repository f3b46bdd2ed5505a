package dev.jobs4j.core.internal.payload;

import dev.jobs4j.core.internal.handler.Handler;

/**
 * A payload as its handler gets it.
 *
 * @param value what the handler is given
 * @param secrets what of it must not be told
 */
public record Decoded(Object value, Secrets secrets) {

  /** For a handler that takes no payload, and before there is one. */
  public static final Decoded NOTHING = new Decoded(Handler.NO_PAYLOAD, Secrets.NONE);
}
