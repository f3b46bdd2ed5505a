package dev.jobs4j.spi;

import java.lang.reflect.Type;

/** Turns payloads and results into bytes that any language can read, and back. Thread-safe. */
public interface PayloadCodec {

  /** The name kept with each payload, at most 20 characters, such as {@code json}. */
  String name();

  /**
   * Encodes a value.
   *
   * @throws dev.jobs4j.api.InvalidJobException if it cannot be encoded; the message names the type
   */
  byte[] encode(Object value);

  /**
   * Decodes to {@code type}; the stored bytes never choose a class.
   *
   * @throws dev.jobs4j.api.InvalidJobException if the bytes are not such a value
   */
  Object decode(byte[] bytes, Type type);
}
