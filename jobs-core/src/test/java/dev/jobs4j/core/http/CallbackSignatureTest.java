package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.OK;
import static dev.jobs4j.core.http.Callbacks.target;
import static dev.jobs4j.core.http.Callbacks.url;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.core.http.Receiver.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** A receiver can check a signature by what {@code docs/http-callbacks.md} says. */
class CallbackSignatureTest {

  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** The steps of the document. */
  private static boolean isGenuine(Request request, byte[] secret) throws Exception {
    Map<String, String> fields = fields(request);
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(
        String.join(
                ".",
                "v1",
                fields.get("time"),
                request.headers().get("idempotency-key"),
                fields.get("nonce"),
                "")
            .getBytes(StandardCharsets.US_ASCII));
    signed.writeBytes(request.body());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(signed.toByteArray())).equals(fields.get("hmac"));
  }

  private static Map<String, String> fields(Request request) {
    Map<String, String> fields = new HashMap<>();
    String[] parts = request.headers().get("job-signature").split(";");
    assertThat(parts[0]).isEqualTo("v1");
    Arrays.stream(parts).skip(1).map(part -> part.split("=")).forEach(p -> fields.put(p[0], p[1]));
    return fields;
  }

  @Test
  void theReceiverCanCheckIt() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .clock(() -> Instant.ofEpochSecond(1_795_314_600L))
              .allow(target(receiver).signedBy("2026-11", SECRET))
              .build();
      executor.execute(HttpCallback.post(url(receiver), Map.of("sum", "ö")), new TestAttempt());
      Request request = receiver.requests.take();
      assertThat(isGenuine(request, SECRET)).isTrue();
      assertThat(fields(request))
          .containsEntry("key", "2026-11")
          .containsEntry("time", "1795314600");

      assertThat(isGenuine(request, new byte[32])).isFalse();
      Request forged = new Request(request.line(), request.headers(), "{}".getBytes(UTF_8));
      assertThat(isGenuine(forged, SECRET)).isFalse();
    }
  }

  /** The value of the document's example, reckoned by {@code openssl dgst}. */
  @Test
  void theExampleOfTheDocumentHolds() {
    assertThat(
            new SigningKey("2026-11", SECRET)
                .sign(
                    Instant.ofEpochSecond(1_795_314_600L),
                    JobId.parse("0199f0a0-0000-7000-8000-000000000001"),
                    "00112233445566778899aabbccddeeff",
                    "{\"sum\":12.50}".getBytes(UTF_8)))
        .isEqualTo(
            "v1;key=2026-11;time=1795314600;nonce=00112233445566778899aabbccddeeff;hmac="
                + "f78d3627f930cea9ba34588dfd5232ca461aff251fed0f41c3e950612f2a8c1c");
  }

  @Test
  void everyCallHasANonceOfItsOwn() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(target(receiver).signedBy("k", SECRET))
              .build();
      Set<String> nonces = new HashSet<>();
      TestAttempt attempt = new TestAttempt();
      for (int i = 0; i < 10; i++) {
        executor.execute(HttpCallback.post(url(receiver), null), attempt);
        Request request = receiver.requests.take();
        assertThat(isGenuine(request, SECRET)).isTrue();
        nonces.add(fields(request).get("nonce"));
      }
      assertThat(nonces).hasSize(10).allMatch(nonce -> nonce.matches("[0-9a-f]{32}"));
    }
  }

  @Test
  void aTargetWithoutKeyGetsNoSignature() throws Exception {
    try (Receiver signed = Receiver.answering(OK);
        Receiver other = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(target(signed).signedBy("k", SECRET), target(other))
              .build();
      executor.execute(HttpCallback.post(url(other), 1), new TestAttempt());
      assertThat(other.requests.take().headers()).doesNotContainKey("job-signature");
    }
  }
}
