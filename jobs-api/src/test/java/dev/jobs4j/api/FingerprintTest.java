package dev.jobs4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintTest {

  private static String of(String errorClass, String message, String stack) {
    return new Failure(errorClass, message, stack).fingerprint();
  }

  private static final String ABOVE =
      """
      com.acme.Refused: order 17
      \tat java.base/java.util.Optional.orElseThrow(Optional.java:403)
      \tat jdk.internal.reflect.Native.invoke(Native.java:1)
      \tat dev.jobs4j.core.internal.worker.Worker.run(Worker.java:80)
      """;

  @Test
  void itIsTheSameInEveryVersionOfThisLibrary() {
    assertThat(of("com.acme.Refused", "order 17", ABOVE + "\tat com.acme.Bank.pay(Bank.java:5)"))
        .isEqualTo("12dba3e32cea7dad");
  }

  @Test
  void messagesAndLinesDoNotCount() {
    assertThat(of("E", "order 17", "E: order 17\n\tat com.acme.Bank.pay(Bank.java:5)"))
        .isEqualTo(of("E", "order 18", "E: order 18\n\tat com.acme.Bank.pay(Bank.java:99)"));
  }

  @Test
  void theClassOfTheErrorCounts() {
    String stack = "\tat com.acme.Bank.pay(Bank.java:5)";
    assertThat(of("A", "", stack)).isNotEqualTo(of("B", "", stack));
    assertThat(of("A", "", "")).isNotEqualTo(of("A", "", stack)).hasSize(16);
  }

  @Test
  void theFirstFrameOfTheApplicationCountsAndNoneBelowIt() {
    String pay = of("E", "", ABOVE + "\tat com.acme.Bank.pay(Bank.java:5)");
    assertThat(of("E", "", "\tat com.acme.Bank.pay(Bank.java:5)")).isEqualTo(pay);
    assertThat(of("E", "", ABOVE + "\tat com.acme.Bank.pay(Bank.java:5)\n\tat com.acme.X.y(X:1)"))
        .isEqualTo(pay);
    assertThat(of("E", "", ABOVE + "\tat com.acme.Bank.refund(Bank.java:5)")).isNotEqualTo(pay);
  }

  @Test
  void frameOfACauseCountsIfTheErrorHasNoneOfItsOwn() {
    assertThat(of("E", "", ABOVE + "Caused by: X\n\tat com.acme.Bank.pay(Bank.java:5)"))
        .isEqualTo(of("E", "", "\tat com.acme.Bank.pay(Bank.java:5)"));
  }

  @Test
  void numbersThatCompilersGiveDoNotCount() {
    assertThat(of("E", "", "\tat com.acme.Bank.lambda$pay$3(Bank.java:5)"))
        .isEqualTo(of("E", "", "\tat com.acme.Bank.lambda$pay$12(Bank.java:5)"));
    assertThat(of("E", "", "\tat app//bank@1.2/com.acme.Bank$$Lambda/0x00007f1.apply(Unknown)"))
        .isEqualTo(of("E", "", "\tat com.acme.Bank$$Lambda/0x00008a2.apply(Unknown)"));
  }

  @Test
  void itSurvivesBeingStored() {
    Failure failure = Failure.of(new IllegalStateException("x"));
    assertThat(new Failure(failure.errorClass(), failure.message(), failure.stack()).fingerprint())
        .isEqualTo(failure.fingerprint());
  }
}
