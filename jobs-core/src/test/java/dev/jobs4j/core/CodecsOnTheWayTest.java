package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The codec of a payload or result, from its enqueue to what the handler and the store see. */
class CodecsOnTheWayTest {

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final List<Object> seen = new CopyOnWriteArrayList<>();

  private JobsBuilder builder() {
    return Jobs.builder().store(store).listener(endings);
  }

  private <P> JobId run(Jobs jobs, JobType<P> type, P payload) throws InterruptedException {
    JobId id = jobs.enqueue(type, payload).id();
    endings.of(id, JobEvent.Succeeded.class);
    return id;
  }

  @Test
  void bytesAreStoredAsTheyAreAndSoIsAResultOfBytes() throws InterruptedException {
    JobType<byte[]> type = JobType.of("bytes", byte[].class);
    byte[] bytes = {0, -1, '"', 10};
    try (Jobs jobs =
        builder()
            .handler(
                type,
                (payload, context) -> {
                  seen.add(payload);
                  return payload;
                })
            .start()) {
      JobId id = run(jobs, type, bytes);
      Payload result = store.records().result(id).orElseThrow();
      assertThat(result.codec()).isEqualTo("bytes");
      assertThat(result.bytes()).isEqualTo(bytes);
    }
    assertThat((byte[]) seen.get(0)).isEqualTo(bytes);
  }

  @Test
  void aMessageGoesAsProtobufAndItsResultComesBackAsOne() throws InterruptedException {
    JobType<StringValue> type = JobType.of("message", StringValue.class);
    try (Jobs jobs =
        builder()
            .handler(
                type,
                (payload, context) -> {
                  seen.add(payload);
                  return payload;
                })
            .start()) {
      JobId id = run(jobs, type, StringValue.of("x"));
      Payload result = store.records().result(id).orElseThrow();
      assertThat(result.codec()).isEqualTo("protobuf");
      assertThat(result.bytes()).isEqualTo(StringValue.of("x").toByteArray());
    }
    assertThat(seen).containsExactly(StringValue.of("x"));
  }

  /** Writes texts in small letters as they are. */
  private record Plain(String name) implements PayloadCodec {
    @Override
    public boolean writes(Type type) {
      return type == String.class;
    }

    @Override
    public byte[] encode(Object value) {
      return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object decode(byte[] bytes, Type type) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Test
  void aCodecOfTheHostWritesItsTypesAndWhatOthersWroteIsStillRead() throws InterruptedException {
    JobType<String> type = JobType.of("text", String.class);
    JobId old;
    try (Jobs jobs = builder().enqueueOnly()) {
      old = jobs.enqueue(type, "as JSON").id();
    }
    JobType<List<Integer>> list = JobType.ofGeneric("list", List.class);
    try (Jobs jobs =
        builder()
            .codec(new Plain("plain"))
            .handler(type, (payload, context) -> seen.add(payload))
            .handler(list, (payload, context) -> seen.add(payload))
            .start()) {
      endings.of(old, JobEvent.Succeeded.class);
      run(jobs, type, "plain");
      run(jobs, list, List.of(1));
    }
    assertThat(seen).containsExactly("as JSON", "plain", List.of(1));
  }

  @Test
  void aPayloadOfAnUnknownCodecIsADeadLetterThatNamesIt() throws InterruptedException {
    JobType<String> type = JobType.of("text", String.class);
    JobId id = new JobId(new UUID(1, 1));
    try (Jobs jobs = builder().handler(type, (payload, context) -> seen.add(payload)).start()) {
      store.insert(
          List.of(NewJob.of(id, "text", JobQueue.DEFAULT, new Payload("cbor", new byte[] {1}))));
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.DECODE);
      assertThat(died.failure().message())
          .isEqualTo(
              "payload is written by codec \"cbor\", this engine reads [bytes, protobuf, json]:"
                  + " set it with codec(..)");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void codecsThatCannotBeToldApartAreRefused() {
    refused(
        () -> builder().codec(new Plain("p")).codec(new Plain("p")).enqueueOnly(),
        "Two codecs named \"p\"");
    for (String name : List.of("", "json+aes", "Plain", "0", "a.codec.of.17.let")) {
      refused(() -> builder().codec(new Plain(name)).enqueueOnly(), "codec name must be 1 to 16");
    }
    try (Jobs jobs = builder().codec(new Plain("json")).enqueueOnly()) {
      jobs.enqueue(JobType.of("text", String.class), "in place of the built-in one");
    }
  }

  @Test
  void whatCouldNotBeReadBackIsRefusedAtEnqueue() {
    try (Jobs jobs =
        builder().options(EngineOptions.builder().maxPayloadBytes(2000).build()).enqueueOnly()) {
      JobType<Object> type = JobType.of("any", Object.class);
      Object deep = List.of();
      for (int i = 0; i < 250; i++) {
        deep = List.of(deep);
      }
      Object tooDeep = deep;
      refused(() -> jobs.enqueue(type, tooDeep), "nesting depth (201)");
      refused(
          () -> jobs.enqueue(type, BigInteger.TEN.pow(1500)), "Number value length (1501) exceeds");
      refused(() -> jobs.enqueue(type, "x".repeat(2000)), "maxPayloadBytes is 2000");
      jobs.enqueue(type, new ArrayList<>(List.of(new BigDecimal("1e+900"))));
      assertThat(store.records().count(JobQueue.DEFAULT).values()).containsExactly(1L);
    }
  }

  @Test
  void aResultThatCannotBeStoredIsADeadLetterAtOnce() throws InterruptedException {
    JobType<String> type = JobType.of("text", String.class);
    try (Jobs jobs =
        builder()
            .handler(
                type,
                (payload, context) -> {
                  seen.add(payload);
                  return BigInteger.TEN.pow(1500);
                })
            .start()) {
      JobId id = jobs.enqueue(type, "x").id();
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.REJECTED);
      assertThat(died.failure().message()).contains("BigInteger is JSON that could not be read");
    }
    assertThat(seen).hasSize(1);
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
