package dev.jobs4j.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Somebody who can write to the store, and has all that was ever stored, changes 10,000 rows. */
class TamperingTest {

  private static final int MUTATIONS = 10_000;
  private static final long SEED = Long.getLong("seed", 20261122L);

  /** A row: where it claims to be, and its bytes. */
  private record Row(Place place, Payload stored) {}

  /** What is done to a row. */
  private enum Attack {
    FLIP_BITS,
    CUT,
    LENGTHEN,
    HEAD,
    OTHER_ROW,
    OTHER_TENANT,
    OTHER_FIELD,
    OTHER_TYPE,
    OLDER_VERSION,
    OTHER_CODEC,
    OTHER_KEY,
    SPLICE,
    CLEAR
  }

  private final Random random = new Random(SEED);
  private final Sealing sealing =
      new Sealing(
          EncryptionOptions.with(
              StaticKeyProvider.create()
                  .add(DataKey.of("k1", SealingTest.bytes(1)))
                  .add(DataKey.of("k2", SealingTest.bytes(2)))
                  .add("acme", DataKey.of("k1", SealingTest.bytes(3)))
                  .add("acme", DataKey.of("acme-2026", SealingTest.bytes(4)))));
  private final List<Row> rows = rows();

  private List<Row> rows() {
    List<Row> made = new ArrayList<>();
    for (String tenant : Arrays.asList(null, "acme", "globex")) {
      for (int job = 0; job < 5; job++) {
        for (int version = 1; version <= 3; version++) {
          for (String field : List.of(Place.PAYLOAD, Place.RESULT)) {
            JobId id = new JobId(new UUID(7, job));
            Place place = new Place(field, id, "mail." + job % 2, version, tenant);
            byte[] clear = new byte[random.nextInt(60)];
            random.nextBytes(clear);
            Payload payload = new Payload(job == 0 ? "bytes" : "json", clear);
            made.add(new Row(place, sealing.seal(place, place.type(), payload)));
          }
        }
      }
    }
    return made;
  }

  private @Nullable DeadReason open(Row row) {
    try {
      sealing.open(row.place(), row.place().type(), row.stored());
      return null;
    } catch (UnreadablePayloadException e) {
      return e.reason();
    }
  }

  @Test
  void noneIsAccepted() {
    assertThat(rows).allSatisfy(row -> assertThat(open(row)).isNull());
    Map<Attack, Integer> tried = new EnumMap<>(Attack.class);
    List<String> accepted = new ArrayList<>();
    int mutations = 0;
    while (mutations < MUTATIONS) {
      Attack attack = Attack.values()[random.nextInt(Attack.values().length)];
      Row row = pick();
      Row mutant = mutate(row, attack);
      if (mutant.place().equals(row.place())
          && mutant.stored().codec().equals(row.stored().codec())
          && Arrays.equals(mutant.stored().bytes(), row.stored().bytes())) {
        continue; // nothing was changed
      }
      mutations++;
      tried.merge(attack, 1, Integer::sum);
      if (open(mutant) == null) {
        accepted.add(attack + " of " + row.place());
      }
    }
    assertThat(accepted).as("seed %d", SEED).isEmpty();
    assertThat(tried).as("%s", tried).hasSize(Attack.values().length);
    assertThat(tried.values()).allMatch(count -> count > 200);
  }

  private Row pick() {
    return rows.get(random.nextInt(rows.size()));
  }

  private Row mutate(Row row, Attack attack) {
    Place p = row.place();
    byte[] bytes = row.stored().bytes().clone();
    Row other = pick();
    return switch (attack) {
      case FLIP_BITS -> with(row, flipped(bytes));
      case CUT -> with(row, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case LENGTHEN -> with(row, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40)));
      case HEAD -> {
        bytes[random.nextInt(3)] = (byte) random.nextInt(256);
        yield with(row, bytes);
      }
      case OTHER_ROW -> new Row(p, other.stored());
      case OTHER_TENANT -> at(row, p.field(), p.type(), p.version(), otherTenant());
      case OTHER_FIELD -> at(row, other.place().field(), p.type(), p.version(), p.tenant());
      case OTHER_TYPE -> at(row, p.field(), other.place().type(), p.version(), p.tenant());
      case OLDER_VERSION -> at(row, p.field(), p.type(), random.nextInt(4), p.tenant());
      case OTHER_CODEC ->
          new Row(p, new Payload(random.nextBoolean() ? "bytes+aes" : "x+aes", bytes));
      case OTHER_KEY -> with(row, renamed(bytes, other));
      case SPLICE -> with(row, spliced(bytes, other.stored().bytes()));
      case CLEAR -> new Row(p, new Payload("json", SealingTest.CLEAR));
    };
  }

  private static Row with(Row row, byte[] bytes) {
    return new Row(row.place(), new Payload(row.stored().codec(), bytes));
  }

  private static Row at(Row row, String field, String type, int version, @Nullable String tenant) {
    return new Row(new Place(field, row.place().job(), type, version, tenant), row.stored());
  }

  private @Nullable String otherTenant() {
    return Arrays.asList(null, "", "acme", "globex", "acm", "null").get(random.nextInt(6));
  }

  private byte[] flipped(byte[] bytes) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** The same bytes under the name of a key that the provider knows. */
  private static byte[] renamed(byte[] bytes, Row other) {
    Envelope envelope = Envelope.parse(bytes).orElseThrow();
    String id = Envelope.parse(other.stored().bytes()).orElseThrow().keyId();
    return new Envelope(id, envelope.nonce(), envelope.sealed()).bytes();
  }

  /** The head of one before the tail of another. */
  private byte[] spliced(byte[] bytes, byte[] other) {
    int cut = random.nextInt(Math.min(bytes.length, other.length));
    byte[] spliced = other.clone();
    System.arraycopy(bytes, 0, spliced, 0, cut);
    return spliced;
  }
}
