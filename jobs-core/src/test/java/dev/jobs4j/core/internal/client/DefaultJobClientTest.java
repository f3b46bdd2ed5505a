package dev.jobs4j.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.EnqueueOutcomeUnknownException;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Overrides;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DefaultJobClientTest {

  private static final JobType<String> TYPE = JobType.of("t", String.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final List<JobQueue> woken = new ArrayList<>();
  private final Cut cut = new Cut(Backend.of(store, System::nanoTime));

  private final Handler handled =
      new Handler(
          "handled",
          1,
          String.class,
          (payload, context) -> null,
          HandlerOptions.defaults().queue("by-handler"),
          "here");

  private DefaultJobClient client(int maxBytes) {
    return new DefaultJobClient(
        queue -> cut,
        List.of(store.records()),
        type -> type.equals("handled") ? Optional.of(handled) : Optional.empty(),
        Payloads.of(JacksonPayloadCodec.create(), maxBytes),
        new JobIds(InstantSource.system(), new Random(1)::nextLong),
        new Listeners(List.of()),
        woken::add);
  }

  /** The store behind a connection that breaks on command, before or after the work was done. */
  private static final class Cut implements Backend {
    private final Backend backend;
    int cutsAfter;
    int cutsBefore;
    boolean refuses;
    Set<Capability> able;
    int calls;

    Cut(Backend backend) {
      this.backend = backend;
      able = backend.capabilities();
    }

    @Override
    public boolean knowsLimit(String name) {
      return false;
    }

    @Override
    public Set<Capability> capabilities() {
      return able;
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
      calls++;
      if (refuses) {
        throw new StoreException("refused", Certainty.NOT_DONE, new IOException("full"));
      }
      if (cutsBefore-- > 0) {
        throw new StoreException("cut", Certainty.UNKNOWN, new IOException("before"));
      }
      List<Enqueued> enqueued = backend.insert(jobs, durability);
      if (cutsAfter-- > 0) {
        throw new StoreException("cut", Certainty.UNKNOWN, new IOException("after"));
      }
      return enqueued;
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction) {
      return backend.insert(jobs, transaction);
    }

    @Override
    public Optional<JobRecords> records() {
      return backend.records();
    }
  }

  @Test
  void anEnqueueWhoseReplyWasLostIsStoredOnceAndReportedAsCreated() {
    cut.cutsAfter = 1;
    Enqueued enqueued = client(1000).enqueue(TYPE, "x");
    assertThat(enqueued).isInstanceOf(Enqueued.Created.class);
    assertThat(cut.calls).isEqualTo(2);
    assertThat(store.records().count(JobQueue.DEFAULT).values().stream().mapToLong(n -> n).sum())
        .isEqualTo(1);
  }

  @Test
  void anEnqueueThatNeverArrivedIsRepeated() {
    cut.cutsBefore = 2;
    assertThat(client(1000).enqueue(TYPE, "x")).isInstanceOf(Enqueued.Created.class);
  }

  @Test
  void anOutcomeThatStaysUnknownNamesTheIdsToRepeat() {
    cut.cutsBefore = 99;
    assertThatThrownBy(() -> client(1000).enqueue(TYPE, "x"))
        .isInstanceOfSatisfying(
            EnqueueOutcomeUnknownException.class,
            e -> {
              cut.cutsBefore = 0;
              Enqueued again = client(1000).enqueue(TYPE.request("x").id(e.ids().get(0)));
              assertThat(again.id()).isEqualTo(e.ids().get(0));
            });
  }

  @Test
  void whatABackendDoesNotRecogniseIsNotRepeated() {
    cut.able = Set.of();
    cut.cutsAfter = 1;
    assertThatThrownBy(() -> client(1000).enqueue(TYPE, "x"))
        .isInstanceOf(EnqueueOutcomeUnknownException.class);
    assertThat(cut.calls).isEqualTo(1);
  }

  @Test
  void aRefusalIsNotRepeated() {
    cut.refuses = true;
    assertThatThrownBy(() -> client(1000).enqueue(TYPE, "x"))
        .isInstanceOf(StoreException.class)
        .hasMessage("refused");
    assertThat(cut.calls).isEqualTo(1);
  }

  @Test
  void theSameIdTwiceIsExisting() {
    JobId id = new JobId(UUID.randomUUID());
    assertThat(client(1000).enqueue(TYPE.request("x").id(id))).isEqualTo(new Enqueued.Created(id));
    assertThat(client(1000).enqueue(TYPE.request("x").id(id))).isEqualTo(new Enqueued.Existing(id));
  }

  @Test
  void aPayloadThatIsTooLargeIsRefusedByName() {
    assertThatThrownBy(() -> client(10).enqueue(TYPE, "more than ten bytes"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("maxPayloadBytes is 10");
    assertThat(cut.calls).isZero();
  }

  @Test
  void theQueueIsThatOfTheRequestThenOfTheTypeThenOfTheHandler() {
    DefaultJobClient client = client(1000);
    JobType<String> handled = JobType.of("handled", String.class);
    client.enqueue(handled.onQueue("by-type").request("x").queue("by-request"));
    client.enqueue(handled.onQueue("by-type"), "x");
    client.enqueue(handled, "x");
    client.enqueue(TYPE, "x");
    assertThat(woken)
        .extracting(JobQueue::name)
        .containsExactly("by-request", "by-type", "by-handler", "default");
  }

  @Test
  void manyAnswersComeInTheOrderOfTheRequests() {
    JobId id = new JobId(UUID.randomUUID());
    client(1000).enqueue(TYPE.request("x").id(id));
    List<Enqueued> answers =
        client(1000)
            .enqueueAll(List.of(TYPE.request("a"), TYPE.request("b").id(id), TYPE.request("c")));
    assertThat(answers).hasSize(3);
    assertThat(answers.get(1)).isEqualTo(new Enqueued.Existing(id));
    assertThat(answers.get(0)).isInstanceOf(Enqueued.Created.class);
    assertThat(answers.get(2)).isInstanceOf(Enqueued.Created.class);
  }

  @Test
  void inATransactionTheWakeUpWaitsForTheCommit() {
    InMemoryJobStore.Transaction transaction = store.begin();
    client(1000).in(transaction).enqueue(TYPE, "x");
    assertThat(woken).isEmpty();
    transaction.commit();
    assertThat(woken).containsExactly(JobQueue.DEFAULT);
  }

  @Test
  void whatIsMoreThanTheStoreCanPromiseIsRefusedByName() {
    assertThatThrownBy(
            () -> client(1000).enqueue(TYPE.request("x").durability(Durability.MAJORITY)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("durability MAJORITY");
    try (InMemoryJobStore.Transaction transaction = store.begin()) {
      assertThatThrownBy(
              () ->
                  client(1000)
                      .in(transaction)
                      .enqueue(TYPE.request("x").durability(Durability.RELAXED)))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("transaction of the caller, whose commit decides");
    }
    assertThat(cut.calls).isZero();
  }

  @Test
  void replaceCannotBeHadTogetherWithWaiting() {
    JobId parent = client(1000).enqueue(TYPE, "p").id();

    assertThatThrownBy(() -> client(1000).enqueue(TYPE.request("x").replace("k").after(parent)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("replace and debounce cannot be had together with after");
  }

  @Test
  void whatARequestSaysInsteadOfItsHandlerTravelsWithTheJob() {
    Backoff backoff = Backoff.linear(Duration.ofSeconds(2), Duration.ofMinutes(1));
    JobId id =
        client(1000)
            .enqueue(TYPE.request("x").backoff(backoff).timeout(Duration.ofSeconds(7)))
            .id();
    EngineId engine = new EngineId(new UUID(1, 1));
    store.register(
        new EngineInfo(engine, "node", "test", Duration.ofMinutes(1), Map.of(), Map.of()));
    LeasedJob job =
        store
            .claim(
                new ClaimRequest(
                    engine, new UUID(2, 2), JobQueue.DEFAULT, Map.of("t", 1), 1, false))
            .get(0);

    assertThat(job.id()).isEqualTo(id);
    assertThat(Overrides.retry(job, RetryPolicy.never()).backoff()).isEqualTo(backoff);
    assertThat(Overrides.timeout(job, Optional.empty())).contains(Duration.ofSeconds(7));
  }

  @Test
  void aBackoffThatOnlyCodeCanTellIsRefused() {
    assertThatThrownBy(() -> TYPE.request("x").backoff(attempt -> Duration.ofSeconds(1)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("must be constant, linear or exponential");
  }
}
