package dev.jobs4j.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.DataKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class StaticKeyProviderTest {

  private static DataKey key(String id, int content) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) content;
    return DataKey.of(id, bytes);
  }

  private final StaticKeyProvider keys = StaticKeyProvider.create();

  @Test
  void theLastKeyWritesAndAllRead() {
    keys.add(key("k1", 1)).add(key("k2", 2));
    assertThat(keys.primary(null).id()).isEqualTo("k2");
    assertThat(keys.find(null, "k1")).contains(key("k1", 1));
    assertThat(keys.find(null, "k3")).isEmpty();
  }

  @Test
  void aTenantUsesItsOwnKeysAndStillReadsWhatWasSharedBefore() {
    keys.add(key("k1", 1));
    assertThat(keys.primary("acme").id()).isEqualTo("k1");
    keys.add("acme", key("a1", 2));
    assertThat(keys.primary("acme").id()).isEqualTo("a1");
    assertThat(keys.find("acme", "k1")).isPresent();
    assertThat(keys.find("globex", "a1")).isEmpty();
    assertThat(keys.find(null, "a1")).isEmpty();
  }

  @Test
  void aTenantWhoseKeysAreGoneDoesNotFallBackToTheSharedOnes() {
    keys.add(key("k1", 1)).add("acme", key("a1", 2));
    assertThat(keys.remove("acme", "a1")).isTrue();
    assertThat(keys.remove("acme", "a1")).isFalse();
    assertThat(keys.find("acme", "a1")).isEmpty();
    refused(() -> keys.primary("acme"), "no key to encrypt with for tenant \"acme\"");
    assertThat(keys.primary("globex").id()).isEqualTo("k1");
    assertThat(keys.remove(null, "k1")).isTrue();
    refused(() -> keys.primary(null), "no key to encrypt with");
  }

  @Test
  void whatIsNoKeyIsRefusedWithoutItsContent() {
    String secret = "S3cr3tS3cr3tS3cr3t!";
    refused(() -> keys.add("k1", secret), "key \"k1\" is not Base64");
    refused(
        () ->
            keys.add(
                "k1", Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))),
        "key \"k1\" must have 32 bytes, had 19");
    refused(() -> key("bad id", 1), "key id must be 1 to 64 of");
    refused(() -> new DataKey("k1", new SecretKeySpec(new byte[16], "AES")), "AES key of 32 bytes");
    refused(() -> new DataKey("k1", new SecretKeySpec(new byte[32], "DES")), "AES key of 32 bytes");
    keys.add(key("k1", 1));
    refused(() -> keys.add(key("k1", 2)), "key \"k1\" is there already");
    keys.add("k2", Base64.getEncoder().encodeToString(new byte[32]) + "\n");
    assertThat(keys).hasToString("StaticKeyProvider[DataKey[k1], DataKey[k2]]{}");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("S3cr3t")
        .hasNoCause();
  }
}
