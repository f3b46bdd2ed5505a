package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes and text come back as they were, whatever they are. */
abstract class PayloadCases extends StoreCases {

  private static final int MEBIBYTE = 1 << 20;

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  private void assertKept(byte[] bytes) {
    insert(NewJobs.job().payload(new Payload("json", bytes)).build());

    assertThat(claimOne(engine()).payload().bytes()).isEqualTo(bytes);
  }

  @Test
  void anEmptyPayloadIsKept() {
    assertKept(new byte[0]);
  }

  @Test
  void everyByteIsKept() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    assertKept(all);
  }

  @Test
  void aMebibyteIsKept() {
    assertKept(noise(MEBIBYTE));
  }

  @Test
  void aPayloadIsTheSameInEveryAttempt() {
    byte[] bytes = noise(1_000);
    insert(NewJobs.job().payload(new Payload("json", bytes)).build());
    settled(claimOne(engine()), retry());
    claimOne(engine());
    expireEngines();
    reap();

    assertThat(claimOne(engine()).payload().bytes()).isEqualTo(bytes);
  }

  @Test
  void aResultOfAMebibyteIsKept() {
    byte[] bytes = noise(MEBIBYTE);
    NewJob job = NewJobs.job().build();
    insert(job);

    settled(claimOne(engine()), new Outcome.Succeeded(new Payload("json", bytes)));

    assertThat(records().result(job.id()).orElseThrow().bytes()).isEqualTo(bytes);
  }

  @Test
  void anEmptyResultIsAResult() {
    NewJob job = NewJobs.job().build();
    insert(job);

    settled(claimOne(engine()), new Outcome.Succeeded(new Payload("json", new byte[0])));

    assertThat(records().result(job.id()).orElseThrow().bytes()).isEmpty();
  }

  @Test
  void aDeadLetterOfAMebibyteIsKept() {
    byte[] bytes = noise(MEBIBYTE);
    insert(NewJobs.job().payload(new Payload("json", bytes)).build());

    settled(claimOne(engine()), new Outcome.Dead(DeadReason.DECODE, FAILURE));

    assertThat(records().deadLetters(QUEUE, null, 1).get(0).payload()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Gr\u00fc\u00dfe an \u00d6rsted",
        "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8",
        "\uD83D\uDE80 \uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67 \uD834\uDD1E",
        "\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u0639\u0627\u0644\u0645",
        "e\u0301 is not \u00e9",
        "O'Reilly said \"x\"; -- \\ % _ ? $1 :a {b} [c] <d> & `",
        " leading and trailing \t"
      })
  void textIsKeptInAnyScript(String text) {
    NewJob job = NewJobs.job().tenant(text).headers(Map.of(text, text)).key(text).build();
    insert(job);
    Failure failure = new Failure(text, text, text);

    LeasedJob claimed = claimOne(engine());
    settled(claimed, new Outcome.Dead(DeadReason.REJECTED, failure));

    assertThat(claimed.tenant()).isEqualTo(text);
    assertThat(claimed.headers()).isEqualTo(Map.of(text, text));
    assertThat(job(job.id()).tenant()).contains(text);
    assertThat(job(job.id()).lastFailure()).contains(failure);
    assertThat(records().deadLetters(QUEUE, null, 1).get(0).failure()).isEqualTo(failure);
  }

  @Test
  void theLongestFailureIsKept() {
    String wide = "\uD83D\uDE80";
    Failure failure =
        new Failure(
            wide.repeat(200), wide.repeat(Failure.MAX_MESSAGE), wide.repeat(Failure.MAX_STACK));
    NewJob job = NewJobs.job().build();
    insert(job);

    settled(claimOne(engine()), new Outcome.Retry(Duration.ZERO, failure));
    assertThat(records().attempts(job.id()).get(0).failure()).contains(failure);
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, failure));

    assertThat(job(job.id()).lastFailure()).contains(failure);
    assertThat(records().deadLetters(QUEUE, null, 1).get(0).failure()).isEqualTo(failure);
  }

  @Test
  void theLongestNamesAreKept() {
    JobQueue queue = JobQueue.of("q".repeat(120));
    String type = "t".repeat(120);
    String tenant = "\u00fc".repeat(120);
    NewJob job = NewJobs.job().queue(queue).type(type).tenant(tenant).build();
    insert(job);

    LeasedJob claimed =
        store
            .claim(
                new ClaimRequest(engine(), UUID.randomUUID(), queue, Map.of(type, 1_000), 1, false))
            .get(0);

    assertThat(claimed.queue()).isEqualTo(queue);
    assertThat(claimed.type()).isEqualTo(type);
    assertThat(claimed.tenant()).isEqualTo(tenant);
  }

  @Test
  void manyHeadersAreKept() {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      headers.put("header-" + i, "v".repeat(100) + i);
    }
    headers.put("empty", "");
    insert(NewJobs.job().headers(headers).build());

    assertThat(claimOne(engine()).headers()).isEqualTo(headers);
  }

  /** Some databases know no NUL in text. They may refuse it, but not cut it or drop it. */
  @Test
  void aNulInTextIsKeptOrRefused() {
    NewJob job = NewJobs.job().headers(Map.of("a", "x\0y")).build();
    try {
      insert(job);
    } catch (JobException refused) {
      assertThat(records().find(job.id())).isEmpty();
      return;
    }
    assertThat(claimOne(engine()).headers()).isEqualTo(Map.of("a", "x\0y"));
  }
}
