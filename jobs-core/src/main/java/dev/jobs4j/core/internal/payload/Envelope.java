package dev.jobs4j.core.internal.payload;

import dev.jobs4j.spi.DataKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The stored form of encrypted bytes: {@code form (1) | algorithm (1) | length of key id (1) | key
 * id | nonce (12) | ciphertext and tag}. Form and algorithm are 1; others are for later.
 *
 * @param keyId the key that opens it
 * @param nonce 12 bytes, never used twice under one key
 * @param sealed the ciphertext with its tag of 16 bytes
 */
record Envelope(String keyId, byte[] nonce, byte[] sealed) {

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private static final byte FORM = 1;
  private static final byte AES_256_GCM = 1;
  private static final int HEAD_BYTES = 3;

  byte[] bytes() {
    byte[] id = keyId.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(HEAD_BYTES + id.length + nonce.length + sealed.length)
        .put(FORM)
        .put(AES_256_GCM)
        .put((byte) id.length)
        .put(id)
        .put(nonce)
        .put(sealed)
        .array();
  }

  /** Reads the stored form; empty if it is none that we write. */
  static Optional<Envelope> parse(byte[] bytes) {
    if (bytes.length < HEAD_BYTES || bytes[0] != FORM || bytes[1] != AES_256_GCM) {
      return Optional.empty();
    }
    int idBytes = bytes[2] & 0xFF;
    if (bytes.length < HEAD_BYTES + idBytes + NONCE_BYTES + TAG_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
    String keyId = new String(take(in, idBytes), StandardCharsets.ISO_8859_1);
    byte[] nonce = take(in, NONCE_BYTES);
    return DataKey.isId(keyId)
        ? Optional.of(new Envelope(keyId, nonce, take(in, in.remaining())))
        : Optional.empty();
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
