package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A canary in a sensitive member: wherever errors of its job go, it does not. */
class SensitiveOnTheWayTest {

  private static final String CANARY = "canary-7f3a@example.org";

  record Mail(@Sensitive String to, int size) {}

  private static final JobType<Mail> SEND = JobType.of("mail.send", Mail.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final Lines lines = new Lines();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.jobs4j");
  private final Level before = root.getLevel();

  /** All that is logged, as it would be printed. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final List<String> printed = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      String trace =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      printed.add(event.getFormattedMessage() + event.getMDCPropertyMap() + trace);
    }
  }

  @BeforeEach
  void listen() {
    root.setLevel(Level.TRACE);
    lines.start();
    root.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(lines);
    root.setLevel(before);
  }

  private JobsBuilder builder() {
    return Jobs.builder().store(store).listener(endings);
  }

  private static HandlerOptions twice() {
    return HandlerOptions.defaults()
        .retry(RetryPolicy.of(2, Backoff.constant(Duration.ofMillis(1))));
  }

  /** Everything that people get to see of the job. */
  private String told(JobId id) {
    return endings.all()
        + ""
        + lines.printed
        + store.records().find(id).orElseThrow().lastFailure()
        + store.records().attempts(id)
        + store.records().deadLetters(JobQueue.DEFAULT, null, 10);
  }

  @Test
  void anErrorThatQuotesItIsToldWithoutIt() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .handler(
                SEND,
                (mail, context) -> {
                  IllegalStateException cause = new IllegalStateException("refused " + mail.to());
                  throw new IllegalArgumentException("x".repeat(1990) + mail.to(), cause);
                },
                twice())
            .start()) {
      JobId id = jobs.enqueue(SEND, new Mail(CANARY, 3)).id();
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.failure().message()).isEqualTo("x".repeat(1990) + "***");
      assertThat(died.failure().stack()).contains("refused ***");
      assertThat(endings.of(id, JobEvent.Retried.class)).isNotNull();
      assertThat(store.records().attempts(id)).hasSize(2);
      assertThat(told(id)).doesNotContain("canary");
    }
    assertThat(lines.printed).anyMatch(line -> line.startsWith("Job given up"));
  }

  @Test
  void soIsAReasonToRejectIt() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .handler(SEND, (mail, context) -> JobOutcome.reject("unknown: " + mail.to()))
            .start()) {
      JobId id = jobs.enqueue(SEND, new Mail(CANARY, 3)).id();
      assertThat(endings.of(id, JobEvent.Died.class).failure().message()).isEqualTo("unknown: ***");
      assertThat(told(id)).doesNotContain("canary");
    }
  }

  @Test
  void soIsAReasonToTryItAgain() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .handler(
                SEND,
                (mail, context) -> JobOutcome.retry(Duration.ofMillis(1), "busy: " + mail.to()),
                twice())
            .start()) {
      JobId id = jobs.enqueue(SEND, new Mail(CANARY, 3)).id();
      assertThat(endings.of(id, JobEvent.Died.class).failure().message()).isEqualTo("busy: ***");
      assertThat(told(id)).doesNotContain("canary");
    }
  }

  /** An error that the engine itself logs. */
  private static final class Broken extends VirtualMachineError {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  @Test
  void soAreAnErrorOfTheJvmAndAPolicyThatFails() throws InterruptedException {
    RetryPolicy failing =
        RetryPolicy.of(
            5,
            attempt -> {
              throw new IllegalStateException("no policy");
            });
    try (Jobs jobs =
        builder()
            .handler(
                SEND,
                (mail, context) -> {
                  throw new Broken("at " + mail.to());
                },
                HandlerOptions.defaults().retry(failing))
            .start()) {
      JobId id = jobs.enqueue(SEND, new Mail(CANARY, 3)).id();
      assertThat(endings.of(id, JobEvent.Died.class).failure().stack()).contains("at ***");
      assertThat(told(id)).doesNotContain("canary");
    }
    assertThat(lines.printed).anyMatch(line -> line.contains("an Error of the JVM"));
  }

  /** Refuses what it is given, and says too much. */
  record Checked(@Sensitive String to) {
    Checked {
      if (!to.isEmpty()) {
        throw new IllegalArgumentException("bad address " + to);
      }
    }
  }

  @Test
  void anUndecodablePayloadIsToldWithoutItsContent() throws InterruptedException {
    JobType<Checked> checked = JobType.of("mail.send", Checked.class);
    try (Jobs jobs = builder().handler(checked, (mail, context) -> null).start()) {
      JobId id = jobs.enqueue(SEND, new Mail(CANARY, 3)).id();
      assertThat(endings.of(id, JobEvent.Died.class).failure().message())
          .contains("java.lang.IllegalArgumentException at " + Checked.class.getName());
      assertThat(told(id)).doesNotContain("canary");
    }
  }

  /** Cannot be written, and says too much. */
  record Unwritable(@Sensitive String to) {
    public String getMore() {
      throw new IllegalStateException("no more of " + to);
    }
  }

  @Test
  void anEnqueueThatIsRefusedDoesNotQuoteIt() {
    JobType<Unwritable> type = JobType.of("mail.send", Unwritable.class);
    try (Jobs jobs = builder().enqueueOnly()) {
      assertThatThrownBy(() -> jobs.enqueue(type, new Unwritable(CANARY)))
          .isInstanceOf(InvalidJobException.class)
          .hasNoCause()
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void aDeadLetterIsShownMaskedAndKeptWhole() throws InterruptedException {
    try (Jobs jobs = builder().handler(SEND, (mail, context) -> JobOutcome.reject("no")).start();
        Jobs stranger = Jobs.builder().store(InMemoryJobStore.create()).enqueueOnly()) {
      JobId id = jobs.enqueue(SEND, new Mail(CANARY, 3)).id();
      endings.of(id, JobEvent.Died.class);
      DeadLetter letter = jobs.deadLetters().list(DeadLetterFilter.all(), null, 1).get(0);
      assertThat(jobs.maskedPayload(letter)).isEqualTo("{\"to\":\"***\",\"size\":3}");
      assertThat(stranger.maskedPayload(letter)).isEqualTo("***");
      assertThat(new String(letter.payload(), StandardCharsets.UTF_8)).contains(CANARY);
    }
  }

  record Many(@Sensitive List<String> to) {}

  @Test
  void shortValuesStayAndVeryManyMaskTheWholeText() throws InterruptedException {
    JobType<Many> type = JobType.of("many", Many.class);
    try (Jobs jobs =
        builder()
            .handler(
                type, (many, context) -> JobOutcome.reject("abc abcd abcde " + many.to().size()))
            .start()) {
      JobId few = jobs.enqueue(type, new Many(List.of("abc", "abcd", "abcde"))).id();
      assertThat(endings.of(few, JobEvent.Died.class).failure().message())
          .isEqualTo("abc *** *** 3");
      List<String> names = IntStream.range(0, 1_001).mapToObj(i -> "name-" + i).toList();
      JobId all = jobs.enqueue(type, new Many(names)).id();
      assertThat(endings.of(all, JobEvent.Died.class).failure().message()).isEqualTo("***");
    }
  }

  /** Marks what cannot be marked. */
  static final class Misplaced {
    @JobHandler(type = "x")
    void run(@Sensitive String token) {}
  }

  @Test
  void aMarkThatSaysNothingIsRefused() {
    assertThatThrownBy(() -> builder().handlers(new Misplaced()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Misplaced.run has a @Sensitive parameter, which says nothing");
  }
}
