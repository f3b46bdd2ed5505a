package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redrive;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** Dead letters as their operators meet them: through the client. */
class DeadLettersTest {

  record Transfer(String iban, int cents) {}

  static final JobType<Transfer> TRANSFER = JobType.of("transfer", Transfer.class);
  private static final Operator ANN = new Operator("ann", "INC-42");
  private static final DeadLetterFilter ALL = DeadLetterFilter.all();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final InMemoryJobStore store = InMemoryJobStore.of(() -> NOON);
  private final StaticKeyProvider keys =
      StaticKeyProvider.create().add(DataKey.of("k1", new byte[32]));

  private JobsBuilder builder() {
    return Jobs.builder().store(store);
  }

  static JobRequest<Transfer> transfer(int cents) {
    return TRANSFER.request(new Transfer("GB82", cents));
  }

  /** Lets every due job of a queue end in the same way. */
  static List<JobId> end(JobStore store, JobQueue queue, Outcome outcome) {
    EngineId engine = new EngineId(UUID.randomUUID());
    store.register(new EngineInfo(engine, "test", "0", Duration.ofHours(1), Map.of(), Map.of()));
    List<LeasedJob> jobs =
        store.claim(
            new ClaimRequest(
                engine, UUID.randomUUID(), queue, Map.of("transfer", 9), 10_000, true));
    store.settle(jobs.stream().map(job -> new Settlement(job.lease(), outcome)).toList());
    return jobs.stream().map(LeasedJob::id).toList();
  }

  static Outcome died(String errorClass) {
    return new Outcome.Dead(DeadReason.NON_RETRYABLE, new Failure(errorClass, "", ""));
  }

  private List<JobId> dead(Jobs jobs, int count) {
    List<JobRequest<Transfer>> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(transfer(i));
    }
    List<JobId> ids = jobs.enqueueAll(requests).stream().map(e -> e.id()).sorted().toList();
    end(store, JobQueue.DEFAULT, died("E"));
    return ids;
  }

  private static Instant runAt(Jobs jobs, JobId id) {
    return jobs.find(id).map(Job::runAt).orElseThrow();
  }

  @Test
  void aRedriveIsPacedAcrossItsPages() {
    try (Jobs jobs = builder().enqueueOnly()) {
      List<JobId> ids = dead(jobs, 250);

      Redriven redriven = jobs.deadLetters().redrive(ALL, Redrive.perSecond(10).limit(240), ANN);

      assertThat(redriven.jobs()).containsExactlyElementsOf(ids.subList(0, 240));
      assertThat(redriven.blocked()).isEmpty();
      assertThat(redriven.more()).isTrue();
      for (int i : new int[] {0, 1, 99, 100, 239}) {
        assertThat(runAt(jobs, ids.get(i))).isEqualTo(NOON.plusMillis(100L * i));
      }
      assertThat(jobs.deadLetters().list(ALL, null, 100))
          .extracting(DeadLetter::id)
          .containsExactlyElementsOf(ids.subList(240, 250));
      assertThat(jobs.deadLetters().audit(ids.get(239), Long.MAX_VALUE, 5))
          .extracting(AuditEntry::operator, AuditEntry::change)
          .containsExactly(Tuple.tuple(ANN, "due after PT23.9S"));
    }
  }

  @Test
  void aDryRunTellsAndDoesNothing() {
    try (Jobs jobs = builder().enqueueOnly()) {
      List<JobId> ids = dead(jobs, 3);

      Redriven told = jobs.deadLetters().redrive(ALL, Redrive.atOnce().limit(2).asDryRun(), ANN);

      assertThat(told.jobs()).containsExactly(ids.get(0), ids.get(1));
      assertThat(told.more()).isTrue();
      assertThat(jobs.deadLetters().redrive(ALL, Redrive.atOnce().asDryRun(), ANN).more())
          .isFalse();
      assertThat(jobs.deadLetters().list(ALL, null, 10)).hasSize(3);
      assertThat(jobs.deadLetters().audit(null, Long.MAX_VALUE, 10)).isEmpty();
    }
  }

  @Test
  void oneThatIsBlockedIsNamedAndTheOthersGoOn() {
    try (Jobs jobs = builder().enqueueOnly()) {
      JobId first = jobs.enqueue(transfer(1).uniqueKey("k")).id();
      end(store, JobQueue.DEFAULT, died("E"));
      JobId other = dead(jobs, 1).get(0);
      jobs.enqueue(transfer(2).uniqueKey("k").delay(Duration.ofDays(1)));

      Redriven redriven = jobs.deadLetters().redrive(ALL, Redrive.atOnce(), ANN);

      assertThat(redriven.jobs()).containsExactly(other);
      assertThat(redriven.blocked()).containsExactly(first);
      assertThat(jobs.deadLetters().redrive(first, ANN).blocked()).containsExactly(first);
      assertThat(jobs.deadLetters().redrive(other, ANN))
          .isEqualTo(new Redriven(List.of(), List.of(), false));
    }
  }

  @Test
  void anEditGoesThroughThePipeline() {
    try (Jobs jobs =
        builder()
            .encryption(EncryptionOptions.with(keys))
            .handler(TRANSFER, (transfer, context) -> transfer.iban())
            .enqueueOnly()) {
      JobId id = jobs.enqueue(transfer(1).tenant("acme")).id();
      end(store, JobQueue.DEFAULT, died("E"));

      assertThat(jobs.deadLetters().edit(id, TRANSFER, new Transfer("FR76", 5), ANN)).isTrue();
      assertThat(sealedText(jobs, id)).doesNotContain("FR76");
      assertThat(
              jobs.deadLetters()
                  .edit(
                      id, "{\"iban\":\"DE89\",\"cents\":7}".getBytes(StandardCharsets.UTF_8), ANN))
          .isTrue();
      assertThat(sealedText(jobs, id)).doesNotContain("DE89");
      assertThat(jobs.deadLetters().find(id).orElseThrow().codec()).isEqualTo("json+aes");

      assertThatThrownBy(
              () -> jobs.deadLetters().edit(id, "{\"iban\":".getBytes(StandardCharsets.UTF_8), ANN))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("cannot be read by the handler of transfer");
      JobType<String> wrong = JobType.of("other", String.class);
      assertThatThrownBy(() -> jobs.deadLetters().edit(id, wrong, "x", ANN))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("one of other")
          .hasMessageContaining("is of transfer");
      assertThat(jobs.deadLetters().audit(id, Long.MAX_VALUE, 10)).hasSize(2);
      assertThat(jobs.deadLetters().audit(id, Long.MAX_VALUE, 10).toString())
          .doesNotContain("DE89")
          .doesNotContain("FR76");
    }
  }

  private static String sealedText(Jobs jobs, JobId id) {
    return new String(
        jobs.deadLetters().find(id).orElseThrow().payload(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void anEditedLetterIsReadByItsHandler() throws InterruptedException {
    Endings endings = new Endings();
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Jobs jobs =
        Jobs.builder()
            .store(InMemoryJobStore.create())
            .listener(endings)
            .encryption(EncryptionOptions.with(keys))
            .handler(
                TRANSFER,
                (transfer, context) -> {
                  seen.add(transfer.iban());
                  if (transfer.cents() < 0) {
                    throw new InvalidJobException("cents");
                  }
                  return null;
                },
                HandlerOptions.defaults().retry(RetryPolicy.never()))
            .start()) {
      JobId id = jobs.enqueue(TRANSFER.request(new Transfer("GB82", -1)).tenant("acme")).id();
      endings.of(id, JobEvent.Died.class);
      jobs.deadLetters().edit(id, TRANSFER, new Transfer("FR76", 5), ANN);
      jobs.deadLetters().redrive(id, ANN);
      endings.of(id, JobEvent.Succeeded.class);
    }
    assertThat(seen).containsExactly("GB82", "FR76");
  }

  static List<LeasedJob> claim(JobStore store, JobQueue queue) {
    EngineId engine = new EngineId(UUID.randomUUID());
    store.register(new EngineInfo(engine, "test", "0", Duration.ofHours(1), Map.of(), Map.of()));
    return store.claim(
        new ClaimRequest(engine, UUID.randomUUID(), queue, Map.of("transfer", 9), 10, true));
  }

  @Test
  void anEditIsChecked() {
    try (Jobs jobs =
        builder()
            .check(
                (type, version, payload) -> {
                  if (new String(payload.bytes(), StandardCharsets.UTF_8).contains("-1")) {
                    throw new InvalidJobException("cents must be positive");
                  }
                })
            .enqueueOnly()) {
      JobId id = dead(jobs, 1).get(0);

      assertThatThrownBy(() -> jobs.deadLetters().edit(id, TRANSFER, new Transfer("a", -1), ANN))
          .hasMessageContaining("cents must be positive");
      assertThatThrownBy(
              () ->
                  jobs.deadLetters()
                      .edit(id, "{\"cents\":-1}".getBytes(StandardCharsets.UTF_8), ANN))
          .hasMessageContaining("cents must be positive");
      assertThat(jobs.deadLetters().audit(id, Long.MAX_VALUE, 10)).isEmpty();
    }
  }

  @Test
  void whatIsNoLetterIsNotTouched() {
    try (Jobs jobs = builder().enqueueOnly()) {
      JobId pending = jobs.enqueue(transfer(1)).id();

      assertThat(jobs.deadLetters().find(pending)).isEmpty();
      assertThat(jobs.deadLetters().edit(pending, TRANSFER, new Transfer("a", 1), ANN)).isFalse();
      assertThat(jobs.deadLetters().edit(pending, new byte[0], ANN)).isFalse();
      assertThat(jobs.deadLetters().discard(pending, ANN)).isFalse();
      assertThat(jobs.deadLetters().redrive(pending, ANN).jobs()).isEmpty();
      assertThat(jobs.find(pending)).map(Job::state).contains(JobState.PENDING);
    }
  }

  @Test
  void lettersAreDiscardedByFilterUpToALimit() {
    try (Jobs jobs = builder().enqueueOnly()) {
      List<JobId> ids = dead(jobs, 130);

      assertThat(jobs.deadLetters().discard(ALL.errorClass("F"), 1_000, ANN)).isZero();
      assertThat(jobs.deadLetters().discard(ALL.errorClass("E"), 120, ANN)).isEqualTo(120);
      assertThat(jobs.deadLetters().list(ALL, null, 100)).hasSize(10);
      assertThat(jobs.deadLetters().discard(ids.get(129), ANN)).isTrue();
      assertThat(jobs.find(ids.get(129))).isEmpty();
      assertThat(jobs.deadLetters().audit(null, Long.MAX_VALUE, 1_000)).hasSize(121);
    }
  }

  @Test
  void theHistoryOfALetterIsKeptThroughARedrive() {
    try (Jobs jobs = builder().enqueueOnly()) {
      JobId id = dead(jobs, 1).get(0);
      jobs.deadLetters().redrive(id, ANN);
      end(store, JobQueue.DEFAULT, died("F"));

      assertThat(jobs.deadLetters().attempts(id))
          .extracting(attempt -> attempt.failure().orElseThrow().errorClass())
          .containsExactly("E", "F");
    }
  }

  @Test
  void lettersOfSeveralStoresAreSeenAsOne() {
    InMemoryJobStore second = InMemoryJobStore.of(() -> NOON.plusSeconds(9));
    try (Jobs jobs = builder().store("second", second, "apart").enqueueOnly()) {
      List<JobId> here = dead(jobs, 2);
      JobId there = jobs.enqueue(transfer(1).queue("apart")).id();
      JobId rare = jobs.enqueue(transfer(2).queue("apart")).id();
      end(second, JobQueue.of("apart"), died("E"));

      assertThat(jobs.deadLetters().list(ALL, null, 10))
          .hasSize(4)
          .isSortedAccordingTo(Comparator.comparing(DeadLetter::id));
      assertThat(jobs.deadLetters().list(ALL, null, 1)).hasSize(1);
      assertThat(jobs.deadLetters().list(ALL.queue("apart"), null, 10)).hasSize(2);
      List<DeadLetterGroup> groups = jobs.deadLetters().groups(ALL, 10);
      assertThat(groups).hasSize(1);
      assertThat(groups.get(0).letters()).isEqualTo(4);
      assertThat(groups.get(0).firstDiedAt()).isEqualTo(NOON);
      assertThat(groups.get(0).lastDiedAt()).isEqualTo(NOON.plusSeconds(9));
      assertThat(groups.get(0).sample()).isIn(there, rare);
      assertThatThrownBy(() -> jobs.deadLetters().audit(null, Long.MAX_VALUE, 1))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("2 stores");

      Redriven redriven = jobs.deadLetters().redrive(ALL, Redrive.perSecond(1).limit(3), ANN);

      assertThat(redriven.jobs()).hasSize(3).containsAll(here);
      assertThat(redriven.more()).isTrue();
      assertThat(jobs.deadLetters().audit(redriven.jobs().get(2), Long.MAX_VALUE, 1))
          .extracting(AuditEntry::change)
          .containsExactly("due after PT2S");
    }
  }

  @Test
  void badLimitsAreRefused() {
    try (Jobs jobs = builder().enqueueOnly()) {
      assertThatThrownBy(() -> jobs.deadLetters().list(ALL, null, 0)).hasMessageContaining("limit");
      assertThatThrownBy(() -> jobs.deadLetters().groups(ALL, 0)).hasMessageContaining("limit");
      assertThatThrownBy(() -> jobs.deadLetters().discard(ALL, 0, ANN))
          .hasMessageContaining("limit");
      assertThatThrownBy(() -> jobs.deadLetters().audit(null, 1, 0)).hasMessageContaining("limit");
    }
  }
}
