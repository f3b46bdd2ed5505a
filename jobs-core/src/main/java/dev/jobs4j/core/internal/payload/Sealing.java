package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.Payload;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and opens payloads with AES-256-GCM of the JDK, which also draws the nonces. Whatever it
 * did not seal itself for this very place stays shut.
 */
public final class Sealing {

  /** Follows the codec's name in the stored one. */
  private static final String MARK = "+aes";

  /** Before a blinded key, so that a plain one cannot look like it by chance. */
  private static final String BLINDED = "hmac:";

  private static final String BLINDING = "HmacSHA256";
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final @Nullable EncryptionOptions options;

  /** Encrypts as the options say; null encrypts and opens nothing. */
  public Sealing(@Nullable EncryptionOptions options) {
    this.options = options;
  }

  /** Whether payloads of a type must be encrypted; an alias must if its handler's name must. */
  boolean isDue(Place place, String registered) {
    return options != null
        && (options.sealed().test(place.type(), place.tenant())
            || options.sealed().test(registered, place.tenant()));
  }

  /** Whether a stored payload is encrypted, and so belongs to its job's id. */
  public static boolean isSealed(Payload stored) {
    return stored.codec().endsWith(MARK);
  }

  /** The codec that wrote the bytes, encrypted or not. */
  static String clearCodec(String stored) {
    return stored.endsWith(MARK) ? stored.substring(0, stored.length() - MARK.length()) : stored;
  }

  /** The key, or what stands for it if it must not be seen: equal for equal keys. */
  UniqueKey blind(UniqueKey key) {
    SecretKey secret = options == null ? null : options.keySecret();
    if (secret == null) {
      return key;
    }
    try {
      Mac mac = Mac.getInstance(BLINDING);
      mac.init(secret);
      byte[] digest = mac.doFinal(key.value().getBytes(StandardCharsets.UTF_8));
      String blind = BLINDED + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
      return new UniqueKey(blind, key.window(), key.onConflict());
    } catch (GeneralSecurityException e) {
      throw new JobException("hideUniqueKeys cannot be done with " + BLINDING, e);
    }
  }

  /** Encrypts if that is due. */
  Payload seal(Place place, String registered, Payload clear) {
    if (options == null || !isDue(place, registered)) {
      return clear;
    }
    DataKey key = options.keys().primary(place.tenant());
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, key.secret());
      byte[] nonce = cipher.getIV();
      if (nonce == null || nonce.length != Envelope.NONCE_BYTES) {
        throw new JobException(cipher.getProvider() + " draws no nonces of 12 bytes for " + CIPHER);
      }
      cipher.updateAAD(place.bind(clear.codec(), key.id()));
      Envelope envelope = new Envelope(key.id(), nonce, cipher.doFinal(clear.bytes()));
      return new Payload(clear.codec() + MARK, envelope.bytes());
    } catch (GeneralSecurityException e) {
      throw new JobException("key \"" + key.id() + "\" cannot encrypt with " + CIPHER, e);
    }
  }

  /**
   * What was sealed for this place.
   *
   * @throws UnreadablePayloadException if it was not, or its key is missing
   */
  Payload open(Place place, String registered, Payload stored) {
    if (isSealed(stored)) {
      return unseal(place, stored);
    }
    if (options != null && isDue(place, registered) && !options.clearAccepted()) {
      throw notAuthentic(
          place.field()
              + " of type "
              + place.type()
              + " is in clear but must be encrypted; EncryptionOptions.acceptClear() runs what is"
              + " left from before");
    }
    return stored;
  }

  private Payload unseal(Place place, Payload stored) {
    Envelope envelope =
        Envelope.parse(stored.bytes())
            .orElseThrow(
                () -> notAuthentic(place.field() + " is not an envelope that we write: damaged?"));
    DataKey key = key(place, envelope.keyId());
    String codec = clearCodec(stored.codec());
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      GCMParameterSpec nonce = new GCMParameterSpec(Envelope.TAG_BYTES * 8, envelope.nonce());
      cipher.init(Cipher.DECRYPT_MODE, key.secret(), nonce);
      cipher.updateAAD(place.bind(codec, key.id()));
      return new Payload(codec, cipher.doFinal(envelope.sealed()));
    } catch (AEADBadTagException e) {
      throw notAuthentic(
          place.field() + " was not encrypted under key \"" + key.id() + "\" for this job");
    } catch (GeneralSecurityException e) {
      throw new JobException("key \"" + key.id() + "\" cannot decrypt with " + CIPHER, e);
    }
  }

  private DataKey key(Place place, String id) {
    if (options == null) {
      throw keyMissing(id, place, "and encryption(..) is not set");
    }
    return options
        .keys()
        .find(place.tenant(), id)
        .filter(found -> found.id().equals(id))
        .orElseThrow(() -> keyMissing(id, place, "which the key provider does not have"));
  }

  private static UnreadablePayloadException notAuthentic(String why) {
    return new UnreadablePayloadException(DeadReason.NOT_AUTHENTIC, new InvalidJobException(why));
  }

  private static UnreadablePayloadException keyMissing(String id, Place place, String why) {
    String whose = place.tenant() == null ? "" : " of tenant \"" + place.tenant() + "\"";
    return new UnreadablePayloadException(
        DeadReason.CRYPTO_KEY_MISSING,
        new InvalidJobException(
            place.field()
                + " is encrypted under key \""
                + id
                + "\""
                + whose
                + ", "
                + why
                + "; requeue the job when it has"));
  }
}
