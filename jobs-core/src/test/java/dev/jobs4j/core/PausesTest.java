package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.internal.client.DefaultPauses;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.core.testing.JobsTester;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Pauses over several stores, as they are logged, and in made-up time. */
class PausesTest {

  private static final Operator ANN = new Operator("ann", "provider is down");
  private static final JobType<String> MAIL = JobType.of("mail", String.class);

  private final InMemoryJobStore main = InMemoryJobStore.create();
  private final InMemoryJobStore audits = InMemoryJobStore.create();

  private Jobs both() {
    return Jobs.builder().store("audits", audits, "audit").store(main).enqueueOnly();
  }

  @Test
  void aQueueIsPausedWhereItLives() {
    try (Jobs jobs = both()) {
      jobs.pauses().pause(Pause.queue("audit"), ANN);
      jobs.pauses().pause(Pause.queue("mail"), ANN);

      assertThat(audits.pauses().orElseThrow().list())
          .extracting(Pause::target)
          .containsExactly(Pause.queue("audit"));
      assertThat(main.pauses().orElseThrow().list())
          .extracting(Pause::target)
          .containsExactly(Pause.queue("mail"));
      assertThat(jobs.pauses().list())
          .extracting(Pause::target)
          .containsExactly(Pause.queue("audit"), Pause.queue("mail"));
    }
  }

  @Test
  void aTenantIsPausedAndResumedInEveryStore() {
    try (Jobs jobs = both()) {
      jobs.pauses().pause(Pause.tenant("acme"), ANN);

      assertThat(audits.pauses().orElseThrow().list()).hasSize(1);
      assertThat(main.pauses().orElseThrow().list()).hasSize(1);
      assertThat(jobs.pauses().list())
          .singleElement()
          .satisfies(pause -> assertThat(pause.by()).isEqualTo(ANN));
      assertThat(jobs.pauses().resume(Pause.tenant("acme"))).isTrue();
      assertThat(jobs.pauses().resume(Pause.tenant("acme"))).isFalse();
      assertThat(main.pauses().orElseThrow().list()).isEmpty();
      assertThat(audits.pauses().orElseThrow().list()).isEmpty();
    }
  }

  @Test
  void aPauseAndItsEndAreLoggedOnALineEach() {
    Logger logger = (Logger) LoggerFactory.getLogger(DefaultPauses.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try (Jobs jobs = both()) {
      Pause.Target target = Pause.tenant("acme\nERROR all is lost");
      jobs.pauses().pause(target, ANN, Instant.parse("2199-01-01T00:00:00Z"));
      jobs.pauses().resume(target);
      jobs.pauses().resume(target);
    } finally {
      logger.detachAppender(logged);
    }
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "Paused: target=TENANT acme?ERROR all is lost, by=ann, why=provider is down,"
                + " until=2199-01-01T00:00:00Z",
            "Resumed: target=TENANT acme?ERROR all is lost");
  }

  @Test
  void aPauseEndsInMadeUpTime() {
    JobsTester tester =
        JobsTester.with((builder, client) -> builder.handler(MAIL, (text, context) -> null));
    Instant until = tester.clock().instant().plus(Duration.ofHours(1));
    tester.pauses().pause(Pause.type(MAIL.name()), ANN, until);
    tester.client().enqueue(MAIL, "m");

    tester.drain().assertPending(1);
    tester.advance(Duration.ofMinutes(59)).assertPending(1);
    tester.advance(Duration.ofMinutes(2)).assertSucceeded(MAIL, 1);
  }

  @Test
  void whatIsResumedRunsWithTheNextDrain() {
    JobsTester tester =
        JobsTester.with((builder, client) -> builder.handler(MAIL, (text, context) -> null));
    tester.pauses().pause(Pause.queue("default"), ANN);
    tester.client().enqueue(MAIL, "m");
    tester.drain().assertPending(1);
    tester.pauses().resume(Pause.queue("default"));

    tester.drain().assertSucceeded(MAIL, 1);
  }

  @Test
  void theEngineOfThisProcessLooksAgainAtOnce() throws InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    JobStore watched =
        (JobStore)
            Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, arguments) -> {
                  Object answer = method.invoke(main, arguments);
                  if (method.getName().equals("claim")) {
                    looked.countDown();
                  }
                  return answer;
                });
    try (Jobs other = Jobs.builder().store(main).enqueueOnly()) {
      other.pauses().pause(Pause.tenant("acme"), ANN);
      other.enqueue(MAIL.request("hello").tenant("acme"));
    }
    try (Jobs jobs =
        Jobs.builder()
            .store(watched)
            .options(EngineOptions.builder().pollInterval(Duration.ofMinutes(5)).build())
            .handler(
                MAIL,
                (text, context) -> {
                  ran.countDown();
                  return null;
                })
            .start()) {
      assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.getCount()).isOne();

      jobs.pauses().resume(Pause.tenant("acme"));
      assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void namesThatNothingCanHaveAreRefused() {
    refused(() -> Pause.queue("a b"), "queue must be 1 to 120 of");
    refused(() -> Pause.tenant(" "), "name of the TENANT to pause must have 1 to 200 characters");
    refused(() -> Pause.type("x".repeat(201)), "had 201");
    refused(() -> Pause.node("a\0b"), "name of the NODE to pause");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
