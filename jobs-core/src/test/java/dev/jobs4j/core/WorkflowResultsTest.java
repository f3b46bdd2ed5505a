package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.ParentResult;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a job reads of those that it has waited for. */
class WorkflowResultsTest {

  record Page(int number, String text) {}

  private static final JobType<Integer> LOAD = JobType.of("load", Integer.class);
  private static final JobType<String> SUM = JobType.of("sum", String.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

  private interface Reading {
    Object read(JobContext context) throws Exception;
  }

  private JobsBuilder builder(Reading reading) {
    return builder(store, reading);
  }

  /** Jobs that leave pages, none for 0, and die of negative numbers; and one that reads them. */
  private JobsBuilder builder(JobStore seenAs, Reading reading) {
    return Jobs.builder()
        .store(seenAs)
        .listener(endings)
        .handler(
            LOAD,
            (number, context) ->
                number < 0
                    ? JobOutcome.reject("negative")
                    : number == 0 ? null : new Page(number, "page " + number))
        .handler(
            SUM,
            (text, context) -> {
              told.add(answer(reading, context));
              return null;
            },
            HandlerOptions.defaults()
                .retry(RetryPolicy.of(2, Backoff.constant(Duration.ofMillis(1)))));
  }

  private static Object answer(Reading reading, JobContext context) throws Exception {
    try {
      return String.valueOf(reading.read(context));
    } catch (JobException e) {
      return e;
    }
  }

  private Object next() throws InterruptedException {
    return told.poll(60, TimeUnit.SECONDS);
  }

  private void refused(String message) throws InterruptedException {
    assertThat(next())
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e).hasMessageContaining(message));
  }

  private static Workflow diamond() {
    Workflow workflow = Workflow.create();
    Workflow.Step left = workflow.add(LOAD.request(1)).named("left");
    Workflow.Step right = workflow.add(LOAD.request(2)).named("right");
    Workflow.Step silent = workflow.add(LOAD.request(0)).named("silent");
    workflow.add(SUM.request("all")).after(left, right, silent);
    return workflow;
  }

  @Test
  void aStepIsReadByItsName() throws InterruptedException {
    try (Jobs jobs =
        builder(
                c ->
                    c.result("right", Page.class)
                        + " "
                        + c.result("left", Page.class)
                        + " "
                        + c.result("silent", Page.class))
            .start()) {
      jobs.submit(diamond());

      assertThat(next())
          .isEqualTo(
              "Optional[Page[number=2, text=page 2]] Optional[Page[number=1, text=page 1]]"
                  + " Optional.empty");
    }
  }

  @Test
  void allAreReadInTheOrderOfTheWorkflow() throws InterruptedException {
    try (Jobs jobs =
        builder(
                c ->
                    c.results(Page.class)
                        .map(r -> r.step().orElse("") + r.result().map(Page::number).orElse(0))
                        .toList())
            .start()) {
      jobs.submit(diamond());

      assertThat(next()).isEqualTo("[left1, right2, silent0]");
    }
  }

  @Test
  void howTheyEndedIsToldToo() throws InterruptedException {
    Workflow workflow = Workflow.create();
    Workflow.Step dead = workflow.add(LOAD.request(-1)).named("dead");
    Workflow.Step fine = workflow.add(LOAD.request(5));
    workflow.add(SUM.request("anyway")).afterEnd(dead, fine);
    try (Jobs jobs =
        builder(
                c ->
                    c.result("dead", Page.class)
                        + " "
                        + c.results(Page.class).map(ParentResult::state).toList())
            .start()) {
      jobs.submit(workflow);

      assertThat(next()).isEqualTo("Optional.empty [DEAD, SUCCEEDED]");
    }
  }

  @Test
  void anyJobOfTheStoreIsReadByItsId() throws InterruptedException {
    JobId[] asked = new JobId[1];
    try (Jobs jobs = builder(c -> c.result(asked[0], Page.class)).start()) {
      asked[0] = jobs.enqueue(LOAD, 3).id();
      endings.of(asked[0], JobEvent.Succeeded.class);
      jobs.enqueue(SUM, "x");
      assertThat(next()).isEqualTo("Optional[Page[number=3, text=page 3]]");

      asked[0] = new JobId(UUID.randomUUID());
      jobs.enqueue(SUM, "y");
      refused("The result of job " + asked[0] + " is kept no more");
    }
  }

  @Test
  void whoWaitsByIdReadsThemAll() throws InterruptedException {
    try (Jobs jobs =
        builder(c -> c.results(Page.class).map(r -> r.result().orElseThrow().number()).toList())
            .start()) {
      JobId one = jobs.enqueue(LOAD, 1).id();
      JobId two = jobs.enqueue(LOAD.request(2).id(new JobId(UUID.randomUUID()))).id();
      jobs.enqueue(SUM.request("both").after(one, two));

      assertThat(next()).isEqualTo("[1, 2]");
    }
  }

  @Test
  void tenThousandAreReadInPages() throws InterruptedException {
    List<Integer> asked = new CopyOnWriteArrayList<>();
    JobStore counting = counting(asked);
    try (Jobs jobs =
        builder(
                counting,
                c -> {
                  try (Stream<ParentResult<Page>> results = c.results(Page.class)) {
                    return results.mapToLong(r -> r.result().orElseThrow().number()).sum();
                  }
                })
            .workers(WorkerOptions.of(50))
            .start()) {
      jobs.submit(
          Workflow.fanOut(IntStream.rangeClosed(1, 10_000).boxed().toList(), LOAD::request)
              .then(SUM.request("sum")));

      assertThat(next()).isEqualTo("50005000");
    }
    assertThat(asked).hasSize(50).allMatch(size -> size == 200);
  }

  @Test
  void aPageIsReadWhenItIsWanted() throws InterruptedException {
    List<Integer> asked = new CopyOnWriteArrayList<>();
    JobStore counting = counting(asked);
    try (Jobs jobs =
        builder(
                counting,
                c -> {
                  Iterator<ParentResult<Page>> results = c.results(Page.class).iterator();
                  List<Integer> before = new ArrayList<>(asked);
                  results.next();
                  return before + " " + asked;
                })
            .start()) {
      jobs.submit(
          Workflow.fanOut(IntStream.rangeClosed(1, 450).boxed().toList(), LOAD::request)
              .then(SUM.request("sum")));

      assertThat(next()).isEqualTo("[] [200]");
    }
  }

  /** The store, whose reads of results are counted. */
  private JobStore counting(List<Integer> asked) {
    JobRecords good = store.records();
    JobRecords counted =
        (JobRecords)
            proxy(
                JobRecords.class,
                good,
                (name, arguments) -> {
                  if (name.equals("results")) {
                    asked.add(((List<?>) arguments[0]).size());
                  }
                  return null;
                });
    return (JobStore)
        proxy(JobStore.class, store, (name, none) -> name.equals("records") ? counted : null);
  }

  private interface Watch {
    /** The answer to a call, or null for the usual one. */
    Object called(String name, Object[] arguments);
  }

  private static Object proxy(Class<?> type, Object good, Watch watch) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          Object answer = watch.called(method.getName(), arguments);
          if (answer != null) {
            return answer;
          }
          try {
            return method.invoke(good, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Test
  void aLaterAttemptReadsThemAgain() throws InterruptedException {
    try (Jobs jobs =
        builder(
                c -> {
                  if (c.attempt() == 1) {
                    throw new IOException("once more");
                  }
                  return c.result("left", Page.class).orElseThrow().number();
                })
            .start()) {
      jobs.submit(diamond());

      assertThat(next()).isEqualTo("1");
    }
  }

  @Test
  void whatIsEncryptedIsOpened() throws InterruptedException {
    StaticKeyProvider keys =
        StaticKeyProvider.create().add("k1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    try (Jobs jobs =
        builder(
                c ->
                    c.result("left", Page.class).orElseThrow()
                        + " "
                        + c.results(Page.class).count())
            .encryption(EncryptionOptions.with(keys))
            .start()) {
      jobs.submit(diamond());

      assertThat(next()).isEqualTo("Page[number=1, text=page 1] 3");
    }
  }

  @Test
  void whatIsNoSuchValueIsADeadLetter() throws InterruptedException {
    try (Jobs jobs =
        Jobs.builder()
            .store(store)
            .listener(endings)
            .handler(LOAD, (number, context) -> new Page(number, "text"))
            .handler(SUM, (text, context) -> context.result("left", List.class))
            .start()) {
      JobId sum = jobs.submit(diamond()).get(3).id();

      JobEvent.Died died = endings.of(sum, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.DECODE);
    }
  }

  @Test
  void whatIsKeptNoMoreIsAClearError() throws InterruptedException {
    Reading forgetful =
        c -> {
          c.results(Page.class).forEach(r -> store.records().delete(r.job()));
          return c.result("left", Page.class);
        };
    try (Jobs jobs = builder(forgetful).start()) {
      jobs.submit(diamond());
      refused("The result of step \"left\" (job ");
    }
    try (Jobs jobs =
        builder(
                c -> {
                  c.results(Page.class).forEach(r -> store.records().delete(r.job()));
                  return c.results(Page.class).toList();
                })
            .start()) {
      jobs.submit(diamond());
      refused("pruned or deleted, or its store keeps no history");
    }
  }

  @Test
  void whatThereIsNotIsRefused() throws InterruptedException {
    try (Jobs jobs = builder(c -> c.result("top", Page.class)).start()) {
      jobs.submit(diamond());
      refused("no step named \"top\", it has for [left, right, silent]");
      jobs.enqueue(SUM, "alone");
      refused("has waited for no other");
    }
    try (Jobs jobs = builder(c -> c.result("left", int.class)).start()) {
      jobs.submit(diamond());
      refused("type of a result must not be primitive, was int");
    }
  }

  @Test
  void tooManyIdsOfOthersAreRefusedWhenTheyAreRead() throws InterruptedException {
    Workflow workflow = Workflow.create();
    Workflow.Step[] steps =
        IntStream.rangeClosed(1, 501)
            .mapToObj(i -> workflow.add(LOAD.request(i).id(new JobId(UUID.randomUUID()))))
            .toArray(Workflow.Step[]::new);
    workflow.add(SUM.request("sum")).after(steps);
    try (Jobs jobs = builder(c -> c.results(Page.class).count()).start()) {
      jobs.submit(workflow);
      refused("more than 500 jobs whose ids somebody else made");
    }
  }

  @Test
  void namesOfStepsAreCheckedAndGoWithACopy() {
    Workflow workflow = Workflow.create();
    Workflow.Step step = workflow.add(LOAD.request(1)).named("load");
    assertThatThrownBy(() -> workflow.add(LOAD.request(2)).named("load"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("two steps are named \"load\"");
    for (String name : List.of("", "a b", "a,b", "a=b", "x".repeat(61))) {
      assertThatThrownBy(() -> step.named(name))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("name of a step must be 1 to 60 of");
    }
    assertThat(workflow.map(request -> request).steps().get(0).name()).contains("load");
  }
}
