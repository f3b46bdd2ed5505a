package dev.jobs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is said about dead letters is checked where it is said. */
class DeadLetterWordsTest {

  private static void refused(String part, ThrowingCallable said) {
    assertThatThrownBy(said).isInstanceOf(InvalidJobException.class).hasMessageContaining(part);
  }

  @Test
  void anOperatorHasANameAndAReason() {
    for (String bad : List.of("", " ", "a\nb", "x".repeat(1_001))) {
      refused("name", () -> new Operator(bad, "why"));
      refused("why", () -> new Operator("ann", bad));
    }
    assertThat(new Operator("ann", "x".repeat(Operator.MAX_WHY)).why()).hasSize(1_000);
  }

  @Test
  void aRedriveIsPacedAndBounded() {
    assertThat(Redrive.perSecond(4).gap()).isEqualTo(Duration.ofMillis(250));
    assertThat(Redrive.perSecond(4).limit(7).asDryRun())
        .isEqualTo(new Redrive(7, Duration.ofMillis(250), true));
    assertThat(Redrive.atOnce()).isEqualTo(new Redrive(1_000, Duration.ZERO, false));
    refused("perSecond", () -> Redrive.perSecond(0));
    refused("perSecond", () -> Redrive.perSecond(1_000_001));
    refused("limit", () -> Redrive.atOnce().limit(0));
    refused("gap", () -> new Redrive(1, Duration.ofNanos(-1), false));
  }

  @Test
  void aFilterRefusesWhatMatchesNothing() {
    DeadLetterFilter all = DeadLetterFilter.all();
    List<Consumer<String>> parts =
        List.of(all::type, all::tenant, all::fingerprint, all::errorClass, all::tag);
    for (Consumer<String> part : parts) {
      for (String bad : List.of("", " ", "a\0b")) {
        refused("dead letter filter", () -> part.accept(bad));
      }
    }
    refused("blanks", () -> all.tag("a b"));
  }

  @Test
  void aFilterIsNotChangedByItsCopies() {
    DeadLetterFilter all = DeadLetterFilter.all();
    assertThat(all.type("a").type("b").type()).contains("b");
    assertThat(all.type()).isEmpty();
  }
}
