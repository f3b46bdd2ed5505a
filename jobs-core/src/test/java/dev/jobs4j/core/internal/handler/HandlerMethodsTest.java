package dev.jobs4j.core.internal.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.api.retry.RetryDecision;
import java.lang.reflect.ParameterizedType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlerMethodsTest {

  /** Everything an annotation can say, in a class that nobody made public. */
  static class Mails {
    String seen = "";

    @JobHandler(
        type = "mail.send",
        queue = "mail",
        timeout = "30s",
        retry =
            @Retry(
                attempts = 3,
                backoff = Backoff.Kind.LINEAR,
                initial = "2s",
                max = "1m",
                jitter = 0,
                abortOn = IllegalArgumentException.class))
    String send(JobContext context, List<String> lines) {
      seen = lines + (context == null ? "" : "!");
      return "sent";
    }

    @JobHandler(type = "mail.purge")
    void purge() {
      seen = "purged";
    }
  }

  private static Handler handler(Object bean, String type) {
    return HandlerMethods.of(bean).stream()
        .map(declared -> declared.with(new Injections()))
        .filter(h -> h.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anAnnotationSaysHowTheJobIsRun() {
    Handler handler = handler(new Mails(), "mail.send");
    assertThat(handler.options().queue().name()).isEqualTo("mail");
    assertThat(handler.options().timeout()).contains(Duration.ofSeconds(30));
    assertThat(handler.options().retry().maxAttempts()).isEqualTo(3);
    assertThat(handler.options().retry().decide(2, Duration.ZERO, new RuntimeException(), 0.5))
        .isEqualTo(new RetryDecision.RetryAfter(Duration.ofSeconds(4)));
    assertThat(handler.options().retry().decide(1, Duration.ZERO, new NumberFormatException(), 0.5))
        .isEqualTo(new RetryDecision.NotRetryable());
    assertThat(handler.payloadType()).isInstanceOf(ParameterizedType.class);
  }

  @Test
  @SuppressWarnings("NullAway") // the context is not looked at
  void aMethodMayTakeNothing() throws Exception {
    Mails mails = new Mails();
    assertThat(handler(mails, "mail.purge").executor().execute(Handler.NO_PAYLOAD, null)).isNull();
    assertThat(mails.seen).isEqualTo("purged");
    assertThat(handler(mails, "mail.purge").payloadType()).isNull();
  }

  /** As a proxy does it: a subclass that overrides and does not repeat the annotation. */
  static class Proxied extends Mails {
    @Override
    void purge() {
      super.purge();
      seen = "by proxy: " + seen;
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void anOverridingSubclassIsCalled() throws Exception {
    Proxied proxied = new Proxied();
    handler(proxied, "mail.purge").executor().execute(Handler.NO_PAYLOAD, null);
    assertThat(proxied.seen).isEqualTo("by proxy: purged");
  }

  static class TooMany {
    @JobHandler(type = "x")
    void run(String a, String b) {}
  }

  static class BadTimeout {
    @JobHandler(type = "x", timeout = "soon")
    void run() {}
  }

  static class BadRetry {
    @JobHandler(type = "x", retry = @Retry(attempts = 0))
    void run() {}
  }

  static class Static {
    @JobHandler(type = "x")
    static void run() {}
  }

  @Test
  void whatCannotBeCalledIsRefusedByName() {
    refused(
        new TooMany(), "TooMany.run may take one payload, takes java.lang.String and java.lang");
    refused(new BadTimeout(), "BadTimeout.run: timeout must be a duration such as 500ms");
    refused(new BadRetry(), "BadRetry.run: maxAttempts must be >= 1, was 0");
    refused(new Static(), "Static.run must not be static");
  }

  private static void refused(Object bean, String message) {
    assertThatThrownBy(() -> handler(bean, "x"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }

  @Test
  void twoHandlersOfOneTypeAreRefusedByName() {
    List<Handler> twice =
        List.of(handler(new Mails(), "mail.purge"), handler(new Proxied(), "mail.purge"));
    assertThatThrownBy(() -> new Handlers(twice))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Two handlers of type \"mail.purge\"")
        .hasMessageContaining("Mails.purge");
  }
}
