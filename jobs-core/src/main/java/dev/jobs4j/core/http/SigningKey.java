package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with HMAC-SHA256 (RFC 2104) so that a receiver knows who sent them and can refuse
 * repeats. What is signed, and how to check it, is told in {@code docs/http-callbacks.md}.
 */
final class SigningKey {

  /** RFC 2104 advises a key at least as long as the hash. */
  private static final int MIN_SECRET = 32;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final String id;
  private final SecretKeySpec secret;

  SigningKey(String id, byte[] secret) {
    if (!ID.matcher(id).matches()) {
      throw new InvalidJobException(
          "signedBy: key id must be 1 to 64 of A-Z a-z 0-9 . _ -, was \"" + id + "\"");
    }
    if (secret.length < MIN_SECRET) {
      throw new InvalidJobException(
          "signedBy: secret must have at least " + MIN_SECRET + " bytes, had " + secret.length);
    }
    this.id = id;
    this.secret = new SecretKeySpec(secret, "HmacSHA256");
  }

  /** The value of the signature header. */
  String sign(Instant time, JobId job, String nonce, byte[] body) {
    long seconds = time.getEpochSecond();
    String prefix = "v1." + seconds + "." + job + "." + nonce + ".";
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      mac.update(prefix.getBytes(StandardCharsets.US_ASCII));
      String hex = HexFormat.of().formatHex(mac.doFinal(body));
      return "v1;key=" + id + ";time=" + seconds + ";nonce=" + nonce + ";hmac=" + hex;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** The id only. */
  @Override
  public String toString() {
    return id;
  }
}
