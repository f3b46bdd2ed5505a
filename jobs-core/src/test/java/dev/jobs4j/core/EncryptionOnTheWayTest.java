package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeyProvider;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Encrypted from the enqueue to the handler, and its result from there to the client. */
class EncryptionOnTheWayTest {

  record Transfer(String iban) {}

  private static final JobType<Transfer> TRANSFER = JobType.of("transfer", Transfer.class);
  private static final Transfer CANARY = new Transfer("GB82-CANARY");

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final StaticKeyProvider keys = StaticKeyProvider.create().add(key("k1"));

  private static DataKey key(String id) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) id.hashCode());
    return DataKey.of(id, bytes);
  }

  private JobsBuilder builder() {
    return Jobs.builder().store(store).listener(endings);
  }

  private JobsBuilder working(KeyProvider provider) {
    return working(EncryptionOptions.with(provider));
  }

  private JobsBuilder working(EncryptionOptions options) {
    return builder()
        .encryption(options)
        .handler(
            TRANSFER,
            (transfer, context) -> {
              seen.add(transfer.iban());
              return Map.of("booked", transfer.iban());
            },
            HandlerOptions.defaults()
                .retry(RetryPolicy.of(3, Backoff.constant(Duration.ofMillis(1)))));
  }

  private DeadLetter letter() {
    return store.records().deadLetters(JobQueue.DEFAULT, null, 1).get(0);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void theStoreSeesNeitherPayloadNorResultAndTheClientDoes() throws InterruptedException {
    try (Jobs jobs = working(keys).start()) {
      JobId id = jobs.enqueue(TRANSFER.request(CANARY).tenant("acme")).id();
      endings.of(id, JobEvent.Succeeded.class);
      Payload stored = store.records().result(id).orElseThrow();
      assertThat(stored.codec()).isEqualTo("json+aes");
      assertThat(text(stored.bytes())).doesNotContain("CANARY");
      assertThat(jobs.result(id, Map.class)).contains(Map.of("booked", "GB82-CANARY"));
      assertThatThrownBy(() -> jobs.result(id, Integer.class)).isInstanceOf(JobException.class);
      try (Jobs stranger = builder().enqueueOnly()) {
        assertThatThrownBy(() -> stranger.result(id, Map.class))
            .isInstanceOf(JobException.class)
            .hasMessageContaining("result is encrypted under key \"k1\" of tenant \"acme\"");
      }
    }
    assertThat(seen).containsExactly("GB82-CANARY");
  }

  @Test
  void aJobThatHasNotSucceededHasNoResult() {
    try (Jobs jobs = builder().encryption(keys).enqueueOnly()) {
      assertThat(jobs.result(jobs.enqueue(TRANSFER, CANARY).id(), Map.class)).isEmpty();
    }
  }

  @Test
  void afterARotationOldJobsAreReadAndNewOnesWrittenUnderTheNewKey() throws InterruptedException {
    JobId old;
    try (Jobs jobs = builder().encryption(keys).enqueueOnly()) {
      old = jobs.enqueue(TRANSFER, CANARY).id();
    }
    keys.add(key("k2"));
    try (Jobs jobs = working(keys).start()) {
      endings.of(old, JobEvent.Succeeded.class);
      assertThat(text(store.records().result(old).orElseThrow().bytes())).contains("k2");
    }
    assertThat(seen).hasSize(1);
  }

  @Test
  void aJobWhoseKeyIsMissingIsKeptAsItIsAndRunsWhenTheKeyIsBack() throws InterruptedException {
    JobId id;
    try (Jobs jobs = builder().encryption(keys).enqueueOnly()) {
      id = jobs.enqueue(TRANSFER, CANARY).id();
    }
    keys.add(key("k2"));
    keys.remove(null, "k1");
    try (Jobs jobs = working(keys).start()) {
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.CRYPTO_KEY_MISSING);
      assertThat(died.failure().message()).contains("key \"k1\"");
      assertThat(letter().codec()).isEqualTo("json+aes");
      assertThat(text(letter().payload())).doesNotContain("CANARY");
      assertThat(jobs.maskedPayload(letter())).isEqualTo("***");
      assertThat(seen).isEmpty();

      keys.add(key("k1"));
      assertThat(jobs.requeue(id)).isTrue();
      endings.of(id, JobEvent.Succeeded.class);
    }
    assertThat(seen).containsExactly("GB82-CANARY");
  }

  @Test
  void aJobInClearIsRefusedUntilThatIsAccepted() throws InterruptedException {
    JobId id;
    try (Jobs jobs = builder().enqueueOnly()) {
      id = jobs.enqueue(TRANSFER, CANARY).id();
    }
    try (Jobs jobs = working(keys).start()) {
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.NOT_AUTHENTIC);
      assertThat(died.failure().message()).contains("EncryptionOptions.acceptClear()");
    }
    assertThat(seen).isEmpty();
    try (Jobs jobs = working(EncryptionOptions.with(keys).acceptClear()).start()) {
      jobs.requeue(id);
      endings.of(id, JobEvent.Succeeded.class);
    }
    assertThat(seen).hasSize(1);
  }

  @Test
  void aProviderThatIsAwayForAMomentCostsAnAttemptAndNoJob() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    KeyProvider away =
        new KeyProvider() {
          @Override
          public DataKey primary(@Nullable String tenant) {
            return keys.primary(tenant);
          }

          @Override
          public Optional<DataKey> find(@Nullable String tenant, String id) {
            if (asked.incrementAndGet() == 1) {
              throw new IllegalStateException("vault is sealed");
            }
            return keys.find(tenant, id);
          }
        };
    try (Jobs jobs = working(away).start()) {
      JobId id = jobs.enqueue(TRANSFER, CANARY).id();
      endings.of(id, JobEvent.Succeeded.class);
      assertThat(endings.of(id, JobEvent.Retried.class).failure().message())
          .isEqualTo("vault is sealed");
      assertThat(jobs.find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    }
  }

  @Test
  void nothingIsEncryptedThatWasNotAskedFor() throws InterruptedException {
    EncryptionOptions acme =
        EncryptionOptions.with(keys).only((type, tenant) -> "acme".equals(tenant));
    try (Jobs jobs = working(acme).start()) {
      JobId open = jobs.enqueue(TRANSFER, CANARY).id();
      JobId shut = jobs.enqueue(TRANSFER.request(CANARY).tenant("acme")).id();
      endings.of(open, JobEvent.Succeeded.class);
      endings.of(shut, JobEvent.Succeeded.class);
      assertThat(store.records().result(open).orElseThrow().codec()).isEqualTo("json");
      assertThat(store.records().result(shut).orElseThrow().codec()).isEqualTo("json+aes");
    }
  }

  @Test
  void anEncryptedPayloadCannotBePutIntoAnotherJob() {
    EncryptionOptions acme =
        EncryptionOptions.with(keys).only((type, tenant) -> "acme".equals(tenant));
    UniqueKey key = new UniqueKey("ada@example.org", Duration.ZERO, OnConflict.REPLACE);
    try (Jobs jobs = builder().encryption(acme).enqueueOnly()) {
      jobs.enqueue(TRANSFER.request(CANARY).uniqueKey(key));
      assertThatThrownBy(() -> jobs.enqueue(TRANSFER.request(CANARY).uniqueKey(key).tenant("acme")))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("replace and debounce cannot be had with encryption");
    }
  }

  @Test
  void uniqueKeysCanBeHiddenAndStillKeepASecondJobOut() {
    List<String> keysSeen = new CopyOnWriteArrayList<>();
    JobStore noting = noting(keysSeen);
    EncryptionOptions hiding = EncryptionOptions.with(keys).hideUniqueKeys(new byte[32]);
    UniqueKey key = new UniqueKey("ada@example.org", Duration.ZERO);
    try (Jobs jobs = Jobs.builder().store(noting).encryption(hiding).enqueueOnly()) {
      JobId first = jobs.enqueue(TRANSFER.request(CANARY).uniqueKey(key)).id();
      assertThat(jobs.enqueue(TRANSFER.request(CANARY).uniqueKey(key)))
          .isEqualTo(new Enqueued.Existing(first));
      UniqueKey other = new UniqueKey("bob@example.org", Duration.ZERO);
      assertThat(jobs.enqueue(TRANSFER.request(CANARY).uniqueKey(other)))
          .isInstanceOf(Enqueued.Created.class);
    }
    assertThat(keysSeen).hasSize(3).allMatch(seen -> seen.matches("hmac:[A-Za-z0-9_-]{43}"));
    assertThat(hiding.toString()).endsWith("clearAccepted=false, hidesUniqueKeys=true]");
    assertThatThrownBy(() -> hiding.hideUniqueKeys(new byte[31]))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("at least 32 bytes, had 31");
  }

  /** The store, and the unique keys that it is given. */
  private JobStore noting(List<String> keysSeen) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("insert")) {
                for (Object job : (List<?>) arguments[0]) {
                  keysSeen.add(((NewJob) job).uniqueKey().value());
                }
              }
              return called.invoke(store, arguments);
            });
  }
}
