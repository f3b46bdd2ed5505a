package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.KeyProvider;
import java.util.function.BiPredicate;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is encrypted, and under which keys. Immutable; take {@link #with} and change what differs.
 *
 * @param keys keeps the keys
 * @param sealed whether payloads and results of a type, for a tenant or null, are encrypted; also
 *     asked when one is read, and then one in clear is refused
 * @param clearAccepted whether payloads in clear are run all the same
 * @param keySecret hides unique keys, or null
 */
public record EncryptionOptions(
    KeyProvider keys,
    BiPredicate<String, @Nullable String> sealed,
    boolean clearAccepted,
    @Nullable SecretKey keySecret) {

  private static final int SECRET_BYTES = 32;

  /** Encrypts every payload and result, and runs nothing that is in clear. */
  public static EncryptionOptions with(KeyProvider keys) {
    return new EncryptionOptions(keys, (type, tenant) -> true, false, null);
  }

  /** The same for those types and tenants (null is none) only; others stay in clear. */
  public EncryptionOptions only(BiPredicate<String, @Nullable String> value) {
    return new EncryptionOptions(keys, value, clearAccepted, keySecret);
  }

  /**
   * The same, and runs payloads that were stored in clear too: for the time in which jobs from
   * before the encryption, or from programs that do not encrypt yet, are still waiting. Until it is
   * taken back whoever can write to the store can make jobs.
   */
  public EncryptionOptions acceptClear() {
    return new EncryptionOptions(keys, sealed, true, keySecret);
  }

  /**
   * The same, and stores an HMAC of each unique key instead of the key, which may hold personal
   * data. Everyone who enqueues must have the same secret, and keep it: under another one the keys
   * that are taken are not recognised, and a second job gets in.
   *
   * @param secret at least 32 random bytes, which are copied; not one of the keys
   */
  public EncryptionOptions hideUniqueKeys(byte[] secret) {
    if (secret.length < SECRET_BYTES) {
      throw new InvalidJobException(
          "hideUniqueKeys needs a secret of at least "
              + SECRET_BYTES
              + " bytes, had "
              + secret.length);
    }
    return new EncryptionOptions(
        keys, sealed, clearAccepted, new SecretKeySpec(secret, "HmacSHA256"));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "EncryptionOptions[keys="
        + keys
        + ", clearAccepted="
        + clearAccepted
        + ", hidesUniqueKeys="
        + (keySecret != null)
        + "]";
  }
}
