package dev.jobs4j.spi;

import dev.jobs4j.api.InvalidJobException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads and results into bytes that any language can read, and back. Thread-safe. Its
 * errors name types, fields and places, never content: they are logged and stored.
 */
public interface PayloadCodec {

  /**
   * The name kept with each payload, such as {@code json}: 1 to 16 of a-z 0-9 and the dot, starting
   * with a letter. It decides who reads the payload, so it never changes.
   */
  String name();

  /** Whether it is the one to write values of this type; of several the first set one writes. */
  default boolean writes(Type type) {
    return true;
  }

  /**
   * Encodes a value.
   *
   * @throws InvalidJobException if it cannot be encoded, or not so that it could be read back; the
   *     message names the type
   */
  byte[] encode(Object value);

  /**
   * Decodes to {@code type}; the stored bytes never choose a class.
   *
   * @throws InvalidJobException if the bytes are not such a value
   */
  Object decode(byte[] bytes, Type type);

  /**
   * The payload as plain maps, lists, texts, numbers and booleans that may be changed, for
   * upcasters; {@link #encode} takes the map back.
   *
   * @throws InvalidJobException if the bytes are not a map of fields, or the format has none
   */
  default Map<String, @Nullable Object> fields(byte[] bytes) {
    throw new InvalidJobException(
        "payload is written by codec \"" + name() + "\", whose fields no upcaster can change");
  }

  /**
   * The texts and numbers of members that {@code type} declares {@link dev.jobs4j.api.Sensitive},
   * as they would appear in a message; empty if the format declares none or the bytes are no such
   * value.
   */
  default List<String> secrets(byte[] bytes, Type type) {
    return List.of();
  }

  /**
   * The payload as text for people, with {@value #MASK} in place of sensitive members and of
   * whatever the type does not tell about; by default of everything.
   *
   * @param type what the payload is decoded to; null if it is not known here
   */
  default String masked(byte[] bytes, @Nullable Type type) {
    return MASK;
  }

  /** What stands in place of a sensitive value. */
  String MASK = "***";
}
