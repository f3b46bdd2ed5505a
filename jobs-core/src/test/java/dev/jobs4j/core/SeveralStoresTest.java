package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.StoreException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several stores in one application: each has its own queues, one may have all others. */
class SeveralStoresTest {

  private static final JobType<String> MAIL = JobType.of("mail", String.class);
  private static final JobType<String> AUDIT = JobType.of("audit", String.class).onQueue("audit");

  private final InMemoryJobStore main = InMemoryJobStore.create();
  private final InMemoryJobStore audits = InMemoryJobStore.create();
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>(10);

  private JobsBuilder both() {
    return Jobs.builder().store("audits", audits, "audit").store(main);
  }

  @Test
  void eachJobIsKeptInTheStoreOfItsQueueAndFoundFromTheOneClient() {
    try (Jobs jobs = both().enqueueOnly()) {
      Enqueued mail = jobs.enqueue(MAIL, "m");
      Enqueued audit = jobs.enqueue(AUDIT, "a");

      assertThat(main.records().find(mail.id())).isPresent();
      assertThat(audits.records().find(mail.id())).isEmpty();
      assertThat(audits.records().find(audit.id())).isPresent();
      assertThat(jobs.find(audit.id())).map(job -> job.state()).contains(JobState.PENDING);
    }
  }

  @Test
  void oneEngineWorksAllOfThem() throws InterruptedException {
    JobsBuilder builder =
        both()
            .handler(MAIL, (text, context) -> ran.add(text))
            .handler(
                AUDIT, (text, context) -> ran.add(text), HandlerOptions.defaults().queue("audit"));
    try (Jobs jobs = builder.start()) {
      jobs.enqueue(MAIL, "m");
      jobs.enqueue(AUDIT, "a");

      assertThat(List.of(take(), take())).containsExactlyInAnyOrder("m", "a");
      assertThat(jobs.health().isUp()).isTrue();
    }
  }

  private String take() throws InterruptedException {
    return String.valueOf(ran.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void jobsOfTwoStoresAreNotTakenInOneCall() {
    try (Jobs jobs = both().enqueueOnly()) {
      assertThatThrownBy(() -> jobs.enqueueAll(List.of(MAIL.request("m"), AUDIT.request("a"))))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("live in different backends");
      assertThat(main.records().count(JobQueue.DEFAULT)).isEmpty();
    }
  }

  @Test
  void whatContradictsIsNamed() {
    refused(() -> both().store(main), "store is set twice");
    refused(() -> both().store("audits", main, "x"), "two stores are named \"audits\"");
    refused(() -> Jobs.builder().store("x", main), "store \"x\" needs the names of its queues");
    refused(() -> Jobs.builder().store("", main, "q"), "store name must have 1 to 40 characters");
    refused(
        () -> both().store("more", main, "audit").enqueueOnly(),
        "queue audit is named twice, by store \"audits\" and by store \"more\"");
    refused(
        () -> Jobs.builder().store("audits", audits, "audit").handler(MAIL, (t, c) -> null).start(),
        "No backend for queues [default]");
    try (Jobs jobs = Jobs.builder().store("audits", audits, "audit").enqueueOnly()) {
      refused(() -> jobs.enqueue(MAIL, "m"), "No backend for queue default");
    }
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  /** As one whose database is away: whatever it is asked. */
  private static JobStore down() {
    JobStore store = InMemoryJobStore.create();
    JobRecords records = proxy(JobRecords.class, (proxy, called, arguments) -> away());
    return proxy(
        JobStore.class,
        (proxy, called, arguments) ->
            called.getName().equals("records") ? records : called.invoke(store, arguments));
  }

  private static Object away() {
    throw new StoreException("away", StoreException.Certainty.NOT_DONE, new IOException("away"));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void oneThatIsDownHidesNothingOfTheOthers() {
    InMemoryJobStore working = InMemoryJobStore.create();
    try (Jobs jobs = Jobs.builder().store("audits", down(), "audit").store(working).enqueueOnly()) {
      JobId id = jobs.enqueue(MAIL, "here").id();

      assertThat(jobs.find(id)).isPresent();
      assertThat(jobs.explain(id)).isPresent();
      assertThat(jobs.cancel(id)).isEqualTo(Cancellation.CANCELLED);
      JobId unknown = JobId.parse("01890000-0000-7000-8000-000000000000");
      assertThatThrownBy(() -> jobs.explain(unknown)).isInstanceOf(StoreException.class);
    }
  }

  /** The connection breaks after the cancel, before the job is read for those who listen. */
  @Test
  void whatIsCancelledIsSaidToBeSo() {
    InMemoryJobStore store = InMemoryJobStore.create();
    JobRecords records =
        proxy(
            JobRecords.class,
            (proxy, called, arguments) ->
                called.getName().equals("find")
                    ? away()
                    : called.invoke(store.records(), arguments));
    JobStore breaking =
        proxy(
            JobStore.class,
            (proxy, called, arguments) ->
                called.getName().equals("records") ? records : called.invoke(store, arguments));
    try (Jobs jobs = Jobs.builder().store(breaking).enqueueOnly()) {
      JobId id = jobs.enqueue(MAIL, "here").id();

      assertThat(jobs.cancel(id)).isEqualTo(Cancellation.CANCELLED);
    }
  }
}
