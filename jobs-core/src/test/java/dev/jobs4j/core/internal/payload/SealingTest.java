package dev.jobs4j.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SealingTest {

  static final byte[] CLEAR = "{\"iban\":\"GB82WEST\"}".getBytes(StandardCharsets.UTF_8);

  private final StaticKeyProvider keys =
      StaticKeyProvider.create()
          .add(DataKey.of("k1", bytes(1)))
          .add("acme", DataKey.of("a1", bytes(2)));
  private final Sealing sealing = new Sealing(EncryptionOptions.with(keys));

  static byte[] bytes(int seed) {
    byte[] bytes = new byte[32];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Place place(int job, @Nullable String tenant) {
    return new Place(Place.PAYLOAD, new JobId(new UUID(7, job)), "mail.send", 1, tenant);
  }

  private Payload sealed(Place place) {
    return sealing.seal(place, place.type(), new Payload("json", CLEAR));
  }

  private Payload opened(Place place, Payload stored) {
    return sealing.open(place, place.type(), stored);
  }

  private static void shut(Runnable open, DeadReason reason, String message) {
    assertThatThrownBy(open::run)
        .isInstanceOfSatisfying(
            UnreadablePayloadException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message)
        .hasMessageNotContaining("GB82");
  }

  @Test
  void whatWasSealedOpensAtItsPlaceAlone() {
    Place place = place(1, "acme");
    Payload stored = sealed(place);
    assertThat(stored.codec()).isEqualTo("json+aes");
    assertThat(opened(place, stored).bytes()).isEqualTo(CLEAR);
    assertThat(opened(place, stored).codec()).isEqualTo("json");
    Stream.of(
            place(2, "acme"),
            new Place(Place.RESULT, place.job(), place.type(), 1, "acme"),
            new Place(Place.PAYLOAD, place.job(), "mail.sent", 1, "acme"),
            new Place(Place.PAYLOAD, place.job(), place.type(), 2, "acme"))
        .forEach(
            other ->
                shut(
                    () -> opened(other, stored),
                    DeadReason.NOT_AUTHENTIC,
                    "was not encrypted under key \"a1\" for this job"));
  }

  @Test
  void theStoredFormIsTheOneThatIsWrittenDown() {
    byte[] stored = sealed(place(1, null)).bytes();
    assertThat(stored).hasSize(3 + 2 + 12 + CLEAR.length + 16);
    assertThat(ByteBuffer.wrap(stored).getInt()).isEqualTo(0x01_01_02_00 + 'k');
    assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("GB82");
  }

  @Test
  void noNonceIsUsedTwice() {
    Set<ByteBuffer> nonces = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      Envelope envelope = Envelope.parse(sealed(place(1, null)).bytes()).orElseThrow();
      assertThat(nonces.add(ByteBuffer.wrap(envelope.nonce()))).isTrue();
    }
  }

  @Test
  void noTwoPlacesAreBoundToTheSameBytes() {
    Set<ByteBuffer> bound = new HashSet<>();
    JobId job = new JobId(new UUID(1, 1));
    List<Place> places =
        List.of(
            new Place("a", job, "bc", 1, "d"),
            new Place("ab", job, "c", 1, "d"),
            new Place("a", job, "b", 1, "cd"),
            new Place("a", job, "b", 1, ""),
            new Place("a", job, "b", 1, null),
            new Place("a", job, "b", 2, null),
            new Place("a", new JobId(new UUID(1, 2)), "b", 1, null));
    for (Place place : places) {
      assertThat(bound.add(ByteBuffer.wrap(place.bind("json", "k")))).as("%s", place).isTrue();
      assertThat(bound.add(ByteBuffer.wrap(place.bind("jso", "nk")))).as("%s", place).isTrue();
    }
  }

  @Test
  void whatIsInClearIsRefusedUnlessThatIsAccepted() {
    Payload clear = new Payload("json", CLEAR);
    Place place = place(1, null);
    shut(() -> opened(place, clear), DeadReason.NOT_AUTHENTIC, "is in clear but must be encrypted");
    EncryptionOptions some = EncryptionOptions.with(keys).only((type, tenant) -> tenant != null);
    assertThat(new Sealing(some).open(place, "mail.send", clear)).isEqualTo(clear);
    assertThat(new Sealing(some).seal(place, "mail.send", clear)).isEqualTo(clear);
    EncryptionOptions lenient = EncryptionOptions.with(keys).acceptClear();
    assertThat(new Sealing(lenient).open(place, "mail.send", clear)).isEqualTo(clear);
    assertThat(new Sealing(lenient).seal(place, "mail.send", clear).codec()).isEqualTo("json+aes");
  }

  @Test
  void anAliasIsNoWayAroundTheEncryptionOfItsHandler() {
    EncryptionOptions some =
        EncryptionOptions.with(keys).only((type, tenant) -> type.equals("mail.send"));
    Place alias = new Place(Place.PAYLOAD, new JobId(new UUID(1, 1)), "send_mail", 1, null);
    Payload clear = new Payload("json", CLEAR);
    shut(
        () -> new Sealing(some).open(alias, "mail.send", clear),
        DeadReason.NOT_AUTHENTIC,
        "is in clear");
    assertThat(new Sealing(some).seal(alias, "mail.send", clear).codec()).isEqualTo("json+aes");
    EncryptionOptions byOldName =
        EncryptionOptions.with(keys).only((type, tenant) -> type.equals("send_mail"));
    shut(
        () -> new Sealing(byOldName).open(alias, "mail.send", clear),
        DeadReason.NOT_AUTHENTIC,
        "is in clear");
  }

  @Test
  void aKeyThatIsMissingIsNamed() {
    Payload stored = sealed(place(1, "acme"));
    keys.remove("acme", "a1");
    shut(
        () -> opened(place(1, "acme"), stored),
        DeadReason.CRYPTO_KEY_MISSING,
        "payload is encrypted under key \"a1\" of tenant \"acme\", which the key provider does not");
    shut(
        () -> new Sealing(null).open(place(1, "acme"), "mail.send", stored),
        DeadReason.CRYPTO_KEY_MISSING,
        "encryption(..) is not set");
    assertThatThrownBy(() -> sealed(place(1, "acme")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("no key to encrypt with for tenant \"acme\"");
  }

  @Test
  void aKeyOpensUnderItsOwnNameAlone() {
    keys.add(DataKey.of("k2", bytes(1))); // the same bytes
    Payload stored = sealed(place(1, null));
    Envelope envelope = Envelope.parse(stored.bytes()).orElseThrow();
    byte[] renamed = new Envelope("k1", envelope.nonce(), envelope.sealed()).bytes();
    shut(
        () -> opened(place(1, null), new Payload("json+aes", renamed)),
        DeadReason.NOT_AUTHENTIC,
        "was not encrypted under key \"k1\"");
  }

  @Test
  void whatIsNoEnvelopeIsShut() {
    for (byte[] bytes : List.of(new byte[0], new byte[2], new byte[100], CLEAR)) {
      shut(
          () -> opened(place(1, null), new Payload("json+aes", bytes)),
          DeadReason.NOT_AUTHENTIC,
          "is not an envelope");
    }
  }
}
