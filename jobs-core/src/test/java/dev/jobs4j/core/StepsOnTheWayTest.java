package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobCancelledException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.DataKey;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps from the handler to the store and back into a later attempt. */
class StepsOnTheWayTest {

  record Page(int number, List<String> lines) {}

  private static final JobType<String> TYPE = JobType.of("stepped", String.class);
  private static final Page PAGE = new Page(3, List.of("CANARY"));

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final AtomicInteger works = new AtomicInteger();
  private final List<Object> seen = new CopyOnWriteArrayList<>();

  private JobsBuilder builder(JobExecutor<String> handler) {
    return builder(store, handler);
  }

  private JobsBuilder builder(JobStore seenAs, JobExecutor<String> handler) {
    return Jobs.builder()
        .store(seenAs)
        .listener(endings)
        .handler(
            TYPE,
            handler,
            HandlerOptions.defaults()
                .retry(RetryPolicy.of(3, Backoff.constant(Duration.ofMillis(1)))));
  }

  /** Runs one job to its end, successful or not. */
  private JobId run(JobsBuilder builder, Class<? extends JobEvent> end)
      throws InterruptedException {
    try (Jobs jobs = builder.start()) {
      JobId id = jobs.enqueue(TYPE, "p").id();
      endings.of(id, end);
      return id;
    }
  }

  private Page page(JobContext context) throws Exception {
    return context.step(
        "download",
        Page.class,
        () -> {
          works.incrementAndGet();
          return PAGE;
        });
  }

  /** Notes what a call throws, and goes on. */
  private Object noting(Callable<?> call) {
    try {
      return String.valueOf(call.call());
    } catch (Throwable e) {
      seen.add(e);
      return "threw";
    }
  }

  @Test
  void aRetryGetsTheValueAndDoesNotRunTheWork() throws InterruptedException {
    run(
        builder(
            (payload, context) -> {
              seen.add(page(context));
              if (context.attempt() < 3) {
                throw new IOException("after the step");
              }
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(1);
    assertThat(seen).containsExactly(PAGE, PAGE, PAGE);
  }

  @Test
  void aStepWithoutAValueRunsOnce() throws InterruptedException {
    run(
        builder(
            (payload, context) -> {
              context.step("mail", works::incrementAndGet);
              if (context.attempt() < 2) {
                throw new IOException("after the step");
              }
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(1);
  }

  @Test
  void aStepThatFailedIsDoneAgain() throws InterruptedException {
    run(
        builder(
            (payload, context) -> {
              Page page =
                  context.step(
                      "download",
                      Page.class,
                      () -> {
                        if (works.incrementAndGet() == 1) {
                          throw new IOException("no route");
                        }
                        return PAGE;
                      });
              seen.add(page);
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(2);
    assertThat(seen).containsExactly(PAGE);
  }

  @Test
  void theSameNameInOneAttemptRunsOnce() throws InterruptedException {
    run(
        builder(
            (payload, context) -> {
              seen.add(page(context));
              seen.add(page(context));
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(1);
    assertThat(seen).containsExactly(PAGE, PAGE);
  }

  @Test
  void theSameNameInTwoThreadsRunsOnce() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    run(
        builder(
            (payload, context) -> {
              FutureTask<Page> other =
                  new FutureTask<>(
                      () -> {
                        inside.await();
                        return page(context);
                      });
              Thread thread = new Thread(other);
              thread.start();
              seen.add(
                  context.step(
                      "download",
                      Page.class,
                      () -> {
                        inside.countDown();
                        while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
                          Thread.onSpinWait(); // until it waits for this step
                        }
                        works.incrementAndGet();
                        return PAGE;
                      }));
              seen.add(other.get());
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(1);
    assertThat(seen).containsExactly(PAGE, PAGE);
  }

  @Test
  void theValueIsStoredBeforeTheStepReturns() throws InterruptedException {
    run(
        builder(
            (payload, context) -> {
              page(context);
              seen.add(store.notes().orElseThrow().step(context.jobId(), "download").isPresent());
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(seen).containsExactly(true);
  }

  @Test
  void theStoreSeesNoValueThatIsEncrypted() throws InterruptedException {
    StaticKeyProvider keys = StaticKeyProvider.create().add(DataKey.of("k1", new byte[32]));
    JobId id =
        run(
            builder(
                    (payload, context) -> {
                      seen.add(page(context));
                      if (context.attempt() < 2) {
                        throw new IOException("after the step");
                      }
                      return null;
                    })
                .encryption(EncryptionOptions.with(keys)),
            JobEvent.Succeeded.class);

    assertThat(seen).containsExactly(PAGE, PAGE);
    Payload kept = kept(id, "download");
    assertThat(kept.codec()).isEqualTo("json+aes");
    assertThat(new String(kept.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("CANARY");
  }

  private Payload kept(JobId id, String name) {
    return store.notes().orElseThrow().step(id, name).orElseThrow().value();
  }

  @Test
  void anEncryptedValueDoesNotOpenAsThatOfAnotherStep() throws InterruptedException {
    StaticKeyProvider keys = StaticKeyProvider.create().add(DataKey.of("k1", new byte[32]));
    run(
        builder(
                (payload, context) -> {
                  page(context);
                  Payload moved = kept(context.jobId(), "download");
                  TokenLease lease =
                      new TokenLease(context.jobId(), context.fencingToken().orElseThrow());
                  store.notes().orElseThrow().keep(lease, new KeptStep("other", moved));
                  return context.step("other", Page.class, () -> PAGE);
                })
            .encryption(EncryptionOptions.with(keys)),
        JobEvent.Died.class);

    JobEvent.Died died =
        (JobEvent.Died)
            endings.all().stream()
                .filter(JobEvent.Died.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(died.reason()).isEqualTo(DeadReason.NOT_AUTHENTIC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tab\there", "nul\0"})
  void aNameThatCannotBeKeptIsRefused(String name) throws InterruptedException {
    run(
        builder(
            (payload, context) ->
                noting(
                    () ->
                        context.step(
                            name, Page.class, () -> works.incrementAndGet() > 0 ? PAGE : PAGE))),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(0);
    assertThat((Throwable) seen.get(0))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("name of a step must have 1 to 120 characters");
  }

  @Test
  void wrongArgumentsAreRefused() throws InterruptedException {
    run(
        builder(
            (payload, context) -> {
              noting(() -> context.step("n".repeat(121), Integer.class, works::incrementAndGet));
              noting(() -> context.step("primitive", int.class, works::incrementAndGet));
              noting(() -> context.step("null", Page.class, () -> null));
              noting(
                  () ->
                      context.step(
                          "self", Page.class, () -> context.step("self", Page.class, () -> PAGE)));
              context.step("void", () -> {});
              noting(() -> context.step("void", Page.class, () -> PAGE));
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(0);
    assertThat(seen).allSatisfy(e -> assertThat(e).isInstanceOf(InvalidJobException.class));
    assertThat(seen.stream().map(e -> ((Throwable) e).getMessage()))
        .satisfiesExactly(
            m -> assertThat(m).contains("had 121"),
            m -> assertThat(m).contains("\"primitive\" must not be primitive, was int"),
            m -> assertThat(m).contains("\"null\" must not return null"),
            m -> assertThat(m).contains("\"self\" must not run inside itself"),
            m -> assertThat(m).contains("\"void\" was done without a value"));
  }

  @Test
  void aValueThatIsTooLargeIsRefused() throws InterruptedException {
    run(
        builder(
                (payload, context) ->
                    noting(() -> context.step("big", String.class, () -> "x".repeat(2_000))))
            .options(EngineOptions.builder().maxPayloadBytes(1_000).build()),
        JobEvent.Succeeded.class);

    assertThat((Throwable) seen.get(0))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("value of step \"big\" has 2002 bytes, maxPayloadBytes is 1000");
  }

  @Test
  void anAttemptThatLostItsLeaseLearnsItAtTheStep() throws InterruptedException {
    JobStore losing = withNotes(lease -> Optional.of(false));
    run(
        builder(
            losing,
            (payload, context) -> {
              noting(() -> page(context));
              seen.add(context.isLeaseLost());
              seen.add(context.isCancelled());
              noting(() -> page(context));
              return null;
            }),
        JobEvent.Succeeded.class);

    assertThat(works).as("the second call runs nothing").hasValue(1);
    assertThat(seen.get(0)).isInstanceOf(JobCancelledException.class);
    assertThat(seen.subList(1, 3)).containsExactly(true, true);
    assertThat(seen.get(3)).isInstanceOf(JobCancelledException.class);
  }

  @Test
  void aWriteOfUnknownOutcomeIsRepeatedAndTheWorkIsNot() throws InterruptedException {
    AtomicInteger writes = new AtomicInteger();
    JobStore unsure =
        withNotes(
            lease -> {
              if (writes.incrementAndGet() < 3) {
                throw new StoreException("cut", Certainty.UNKNOWN, new IOException("cut"));
              }
              return Optional.empty();
            });
    run(builder(unsure, (payload, context) -> seen.add(page(context))), JobEvent.Succeeded.class);

    assertThat(writes).hasValue(3);
    assertThat(works).hasValue(1);
    assertThat(seen).containsExactly(PAGE);
  }

  @Test
  void aStoreWithoutStepsRefusesThemAndNamesTheAlternative() throws InterruptedException {
    run(
        builder(
            OtherNotes.of(store, Optional.empty()),
            (payload, context) -> noting(() -> page(context))),
        JobEvent.Succeeded.class);

    assertThat(works).hasValue(0);
    assertThat((Throwable) seen.get(0))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("cannot keep steps; put the job into a queue that lives in a store");
  }

  private interface Keeping {
    /** The answer of a write, or empty to do it. */
    Optional<Boolean> keep(TokenLease lease);
  }

  private JobStore withNotes(Keeping keeping) {
    JobNotes good = store.notes().orElseThrow();
    return OtherNotes.of(
        store,
        Optional.of(
            new JobNotes() {
              @Override
              public Optional<KeptStep> step(JobId job, String name) {
                return good.step(job, name);
              }

              @Override
              public boolean keep(TokenLease lease, KeptStep step) {
                return keeping.keep(lease).orElseGet(() -> good.keep(lease, step));
              }

              @Override
              public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
                return good.report(reports, keep, patient);
              }
            }));
  }
}
