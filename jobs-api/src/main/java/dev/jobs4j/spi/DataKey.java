package dev.jobs4j.spi;

import dev.jobs4j.api.InvalidJobException;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * An AES-256 key under its public name. It is never printed.
 *
 * @param id kept in clear with all that is encrypted under the key, so it must stay the key's name
 *     for ever: 1 to 64 of A-Z a-z 0-9 . _ : / -
 * @param secret an AES key of 256 bits; it may live in a device and have no bytes to show
 */
public record DataKey(String id, SecretKey secret) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");
  private static final int BYTES = 32;

  /** Checks the name, and the length where it is known. */
  public DataKey {
    if (!isId(id)) {
      throw new InvalidJobException(
          "key id must be 1 to 64 of A-Z a-z 0-9 . _ : / -, was \"" + id + "\"");
    }
    byte[] shown = secret.getEncoded();
    if (!secret.getAlgorithm().equals("AES") || (shown != null && shown.length != BYTES)) {
      throw new InvalidJobException("key \"" + id + "\" must be an AES key of " + BYTES + " bytes");
    }
  }

  /** A key of these 32 bytes, which are copied. */
  public static DataKey of(String id, byte[] secret) {
    if (secret.length != BYTES) {
      throw new InvalidJobException(
          "key \"" + id + "\" must have " + BYTES + " bytes, had " + secret.length);
    }
    return new DataKey(id, new SecretKeySpec(secret, "AES"));
  }

  /** Whether a text can be the name of a key. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The name alone. */
  @Override
  public String toString() {
    return "DataKey[" + id + "]";
  }
}
