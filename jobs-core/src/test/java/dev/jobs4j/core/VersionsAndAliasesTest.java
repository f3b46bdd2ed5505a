package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class VersionsAndAliasesTest {

  record First(String name, BigDecimal amount) {}

  record Second(String first, String last, BigDecimal amount) {}

  record Third(String first, String last, BigDecimal amount, String currency) {}

  private static final JobType<First> V1 = JobType.of("invoice.send", First.class);
  private static final JobType<Second> V2 = JobType.of("invoice.send", Second.class).version(2);
  private static final JobType<Third> V3 = JobType.of("invoice.send", Third.class).version(3);
  private static final BigDecimal AMOUNT = new BigDecimal("12345678901234567890.10");

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final Endings endings = new Endings();
  private final List<Object> seen = new CopyOnWriteArrayList<>();

  private JobsBuilder builder() {
    return Jobs.builder().store(store).listener(endings);
  }

  private static Map<String, Object> splitName(Map<String, Object> fields) {
    String[] names = ((String) fields.remove("name")).split(" ", 2);
    fields.put("first", names[0]);
    fields.put("last", names[1]);
    return fields;
  }

  private static Map<String, Object> addCurrency(Map<String, Object> fields) {
    fields.put("currency", "EUR");
    return fields;
  }

  private static final HandlerOptions ONCE = HandlerOptions.defaults().retry(RetryPolicy.never());

  @Test
  void stepsAreTakenFromTheStoredVersionToThatOfTheHandler() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .upcast("invoice.send", 2, VersionsAndAliasesTest::addCurrency)
            .upcast("invoice.send", 1, VersionsAndAliasesTest::splitName)
            .handler(V3, (payload, context) -> seen.add(payload), ONCE)
            .start()) {
      ran(jobs.enqueue(V1, new First("Ada Lovelace", AMOUNT)).id());
      ran(jobs.enqueue(V2, new Second("Ada", "Lovelace", AMOUNT)).id());
      ran(jobs.enqueue(V3, new Third("Ada", "Lovelace", AMOUNT, "GBP")).id());
    }
    assertThat(seen)
        .containsExactly(
            new Third("Ada", "Lovelace", AMOUNT, "EUR"),
            new Third("Ada", "Lovelace", AMOUNT, "EUR"),
            new Third("Ada", "Lovelace", AMOUNT, "GBP"));
  }

  @Test
  void whereAStepIsMissingTheFieldsStayAsTheyAre() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .upcast("invoice.send", 2, VersionsAndAliasesTest::addCurrency)
            .handler(V3, (payload, context) -> seen.add(payload), ONCE)
            .start()) {
      ran(jobs.enqueue(V1, new First("Ada Lovelace", AMOUNT)).id());
    }
    assertThat(seen).containsExactly(new Third(null, null, AMOUNT, "EUR"));
  }

  @Test
  void aVersionThatIsTooNewIsLeftForAnotherNode() throws InterruptedException {
    JobId later;
    try (Jobs jobs = builder().handler(V2, (payload, context) -> seen.add(payload), ONCE).start()) {
      later = jobs.enqueue(V3, new Third("Ada", "Lovelace", AMOUNT, "GBP")).id();
      ran(jobs.enqueue(V2, new Second("Ada", "Lovelace", AMOUNT)).id());
    }
    Job left = store.records().find(later).orElseThrow();
    assertThat(left.state()).isEqualTo(JobState.PENDING);
    assertThat(left.attempt()).isZero();
    assertThat(seen).containsExactly(new Second("Ada", "Lovelace", AMOUNT));
  }

  @Test
  void aStepThatFailsMakesADeadLetterThatTellsThePlaceAndNoContent() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .upcast(
                "invoice.send",
                1,
                fields -> {
                  throw new IllegalStateException("cannot split " + fields);
                })
            .handler(V2, (payload, context) -> seen.add(payload), ONCE)
            .start()) {
      JobId id = jobs.enqueue(V1, new First("Ada Lovelace", AMOUNT)).id();
      JobEvent.Died died = endings.of(id, JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.DECODE);
      assertThat(died.failure().errorClass()).isEqualTo("java.lang.IllegalStateException");
      assertThat(died.failure().message()).contains("VersionsAndAliasesTest.java");
      assertThat(died.failure().toString()).doesNotContain("Lovelace");
      DeadLetter letter = jobs.deadLetters().list(DeadLetterFilter.all(), null, 1).get(0);
      assertThat(letter.payload()).asString(StandardCharsets.UTF_8).contains("Lovelace");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void stepsThatNoPayloadMeetsAreRefused() {
    refused(() -> builder().upcast("invoice.send", 0, f -> f), "versions start at 1");
    refused(
        () -> builder().upcast("invoice.send", 1, f -> f).upcast("invoice.send", 1, f -> f),
        "upcast(invoice.send, 1) is set twice");
    refused(
        () -> builder().upcast("invoice.sent", 1, f -> f).handler(V2, (p, c) -> null).start(),
        "upcast(invoice.sent, 1): no handler of that type");
    refused(
        () -> builder().upcast("invoice.send", 2, f -> f).handler(V2, (p, c) -> null).start(),
        "upcast(invoice.send, 2): the handler takes version 2");
    refused(() -> V1.version(0), "version of type invoice.send must be >= 1, was 0");
  }

  /** Renamed twice since its first job was stored. */
  static final class Renamed {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @JobHandler(
        type = "invoice.send",
        version = 2,
        queue = "mail",
        aliases = {"send_invoice", "invoice"})
    void send(Second payload, JobContext context) {
      seen.add(context.type() + " " + payload.last());
    }
  }

  @Test
  void jobsOfEarlierNamesAreRunByTheSameMethodInItsQueue() throws InterruptedException {
    Renamed renamed = new Renamed();
    try (Jobs jobs =
        builder()
            .upcast("invoice.send", 1, VersionsAndAliasesTest::splitName)
            .handlers(renamed)
            .start()) {
      JobType<First> old = JobType.of("send_invoice", First.class);
      JobId id = jobs.enqueue(old, new First("Ada Lovelace", AMOUNT)).id();
      ran(id);
      assertThat(jobs.find(id).orElseThrow().type()).isEqualTo("send_invoice");
      assertThat(jobs.find(id).orElseThrow().queue().name()).isEqualTo("mail");
      ran(jobs.enqueue(JobType.of("invoice", First.class), new First("A B", AMOUNT)).id());
    }
    assertThat(renamed.seen).containsExactly("invoice.send Lovelace", "invoice.send B");
  }

  @Test
  void aFunctionHasAliasesToo() throws InterruptedException {
    try (Jobs jobs =
        builder()
            .handler(V1, (payload, context) -> seen.add(context.type()), ONCE.aliases("old"))
            .start()) {
      ran(jobs.enqueue(JobType.of("old", First.class), new First("A B", AMOUNT)).id());
    }
    assertThat(seen).containsExactly("invoice.send");
  }

  /** Else the payload would be cast up from a shape that it does not have. */
  @Test
  void oneClassInTwoVersionsIsRefusedAtEnqueue() throws InterruptedException {
    try (Jobs jobs = builder().handler(V2, (payload, context) -> seen.add(payload), ONCE).start()) {
      refused(
          () ->
              jobs.enqueue(JobType.of("invoice.send", Second.class), new Second("A", "B", AMOUNT)),
          "type invoice.send has "
              + Second.class.getName()
              + " as version 1, handler(invoice.send");
      refused(
          () -> jobs.enqueue(V2.version(3), new Second("A", "B", AMOUNT)),
          "takes it as version 2: make it JobType.of(..).version(2)");
      ran(jobs.enqueue(V2, new Second("A", "B", AMOUNT)).id());
    }
    assertThat(seen).containsExactly(new Second("A", "B", AMOUNT));
  }

  @Test
  void twoHandlersOfOneNameAreRefusedByBothNames() {
    refused(
        () ->
            builder()
                .handlers(new Renamed())
                .handler(JobType.of("invoice", First.class), (p, c) -> null)
                .start(),
        "Two handlers of type \"invoice\": "
            + Renamed.class.getName()
            + ".send (as an alias of \"invoice.send\") and handler(invoice, ");
    refused(
        () -> builder().handler(V1, (p, c) -> null, ONCE.aliases("a b")).start(),
        "type must be 1 to 120 of");
  }

  private void ran(JobId id) throws InterruptedException {
    endings.of(id, JobEvent.Succeeded.class);
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
