package dev.jobs4j.spi;

/**
 * Encoded bytes and the name of the codec that can read them. The array is not copied: whoever
 * makes a payload must not change it afterwards.
 */
public record Payload(String codec, byte[] bytes) {
  /** The size alone; payloads may be secret. */
  @Override
  public String toString() {
    return "Payload[" + codec + ", " + bytes.length + " bytes]";
  }
}
