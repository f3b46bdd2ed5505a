package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterHandler;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Handlers of dead letters that can never be run are refused at the start, naming what to do. */
class DeadLetterHandlersRefusedTest {

  record Invoice(int number) {}

  private static final JobType<String> OTHER = JobType.of("other", String.class);

  private final InMemoryJobStore store = InMemoryJobStore.create();

  private static JobsBuilder dying(JobStore store) {
    return Jobs.builder()
        .store(store)
        .handler(OTHER, (payload, context) -> JobOutcome.reject("no"));
  }

  static class ForNobody {
    @DeadLetterHandler("no.such.type")
    void handle(DeadLetter letter) {}
  }

  static class WrongPayload {
    @JobHandler(type = "t")
    void run(String text) {}

    @DeadLetterHandler("t")
    void handle(Invoice invoice) {}
  }

  static class NoOnePayload {
    @JobHandler(type = "t")
    void run(String text) {}

    @DeadLetterHandler(queue = "default")
    void handle(Invoice invoice) {}
  }

  static class TwoPayloads {
    @DeadLetterHandler
    void handle(String a, Invoice b) {}
  }

  static class TypeAndQueue {
    @DeadLetterHandler(value = "t", queue = "q")
    void handle(DeadLetter letter) {}
  }

  static class Static {
    @DeadLetterHandler
    static void handle(DeadLetter letter) {}
  }

  static class BadTimeout {
    @DeadLetterHandler(timeout = "soon")
    void handle(DeadLetter letter) {}
  }

  private void refused(Object bean, String message) {
    assertThatThrownBy(() -> dying(store).handlers(bean).start())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatCanNeverBeRunIsRefusedAtTheStart() {
    refused(
        new ForNobody(), "ForNobody.handle is for dead letters of type \"no.such.type\", which");
    refused(new WrongPayload(), "Invoice, jobs of type t have java.lang.String");
    refused(new NoOnePayload(), "is for dead letters of several types and cannot take one payload");
    refused(new TwoPayloads(), "TwoPayloads.handle may take one payload, takes java.lang.String");
    refused(new TypeAndQueue(), "TypeAndQueue.handle names a type and a queue");
    refused(
        new Static(),
        "@DeadLetterHandler dev.jobs4j.core.DeadLetterHandlersRefusedTest$Static.handle must not");
    refused(new BadTimeout(), "BadTimeout.handle: timeout must be a duration such as 500ms");
  }

  @Test
  void twoForTheSameLettersAreRefused() {
    DeadLetterHandling all = DeadLetterHandling.ofAll((p, letter, context) -> {});
    assertThatThrownBy(() -> dying(store).deadLetters(all).deadLetters(all).start())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Two handlers of type \"dead-letter\"");
  }

  @Test
  void aQueueThatIsNotWorkedHereIsRefused() {
    assertThatThrownBy(
            () ->
                dying(store)
                    .deadLetters(DeadLetterHandling.inQueue("far", (p, letter, context) -> {}))
                    .start())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("queue far is not worked here");
  }

  @Test
  void aBackendThatStoresNothingWithALetterIsRefusedAndTheAlternativeNamed() {
    for (DeadLetterHandling handling :
        List.of(
            DeadLetterHandling.ofType(OTHER, (p, letter, context) -> {}),
            DeadLetterHandling.inQueue("default", (p, letter, context) -> {}),
            DeadLetterHandling.ofAll((p, letter, context) -> {}))) {
      assertThatThrownBy(() -> dying(without(Capability.FOLLOW_UP)).deadLetters(handling).start())
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("cannot be run for dead letters of queue default, whose backend")
          .hasMessageContaining("put the queue into a store which can");
    }
  }

  /** The store as one that lacks something. */
  private JobStore without(Capability capability) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("capabilities")) {
                Set<Capability> able = new HashSet<>(store.capabilities());
                able.remove(capability);
                return able;
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
