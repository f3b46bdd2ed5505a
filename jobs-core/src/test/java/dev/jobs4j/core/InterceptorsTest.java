package dev.jobs4j.core;

import static dev.jobs4j.core.OneJob.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.HandlerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class InterceptorsTest {

  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

  private JobInterceptor noting(String name) {
    return (context, next) -> {
      steps.add(name + " in");
      Object result = next.proceed();
      steps.add(name + " out");
      return result;
    };
  }

  private void handler(JobsBuilder builder) {
    builder.handler(
        TYPE,
        (payload, context) -> {
          steps.add("handler " + payload);
          return null;
        });
  }

  /** The failure of an attempt whose handler and interceptor are these. */
  private String failure(JobInterceptor interceptor) throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder -> {
              handler(builder);
              builder.interceptor(interceptor);
            });
    return ((JobEvent.Retried) end).failure().message();
  }

  @Test
  void theFirstRegisteredIsTheOutermostWhereverTheHandlerWasSet() throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder -> {
              builder.interceptor(noting("first"));
              handler(builder);
              builder.interceptor(noting("second"));
            });
    assertThat(end).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(steps)
        .containsExactly("first in", "second in", "handler payload", "second out", "first out");
  }

  @Test
  void itSeesTheAttemptAndThePayloadOnTheHandlersThread() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    OneJob.end(
        builder ->
            builder
                .handler(
                    TYPE,
                    (payload, context) -> {
                      steps.add("same thread " + (Thread.currentThread() == thread.get()));
                      steps.add("mdc " + MDC.get("tenant"));
                      return null;
                    })
                .interceptor(
                    (context, next) -> {
                      thread.set(Thread.currentThread());
                      steps.add(context.type() + " " + context.attempt() + " " + next.payload());
                      MDC.put("tenant", "acme");
                      return next.proceed();
                    }));
    assertThat(steps).containsExactly("one 1 payload", "same thread true", "mdc acme");
  }

  /** A handler without payload. */
  static class Purger {
    @JobHandler(type = "one")
    void purge() {}
  }

  @Test
  void aHandlerWithoutPayloadHasNone() throws InterruptedException {
    OneJob.end(
        builder ->
            builder
                .handlers(new Purger())
                .interceptor(
                    (context, next) -> {
                      steps.add("payload " + next.payload());
                      return next.proceed();
                    }));
    assertThat(steps).containsExactly("payload null");
  }

  @Test
  void itMayPutAnotherEndingInThePlace() throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder -> {
              handler(builder);
              builder.interceptor(
                  (context, next) -> {
                    next.proceed();
                    return JobOutcome.reject("not good enough");
                  });
            });
    assertThat(((JobEvent.Died) end).failure().message()).isEqualTo("not good enough");
  }

  @Test
  void itMayTurnAFailureIntoAnEnding() throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder ->
                builder
                    .handler(
                        TYPE,
                        (payload, context) -> {
                          throw new IOException("busy");
                        })
                    .interceptor(
                        (context, next) -> {
                          try {
                            return next.proceed();
                          } catch (IOException e) {
                            return JobOutcome.snooze(Duration.ofHours(1));
                          }
                        }));
    assertThat(end).isInstanceOf(JobEvent.Snoozed.class);
  }

  @Test
  void oneThatThrowsBeforeItProceedsMakesAFailedAttempt() throws InterruptedException {
    String failure =
        failure(
            (context, next) -> {
              throw new IOException("no tenant");
            });
    assertThat(failure).isEqualTo("no tenant");
    assertThat(steps).isEmpty();
  }

  @Test
  void oneThatThrowsAfterItProceededMakesAFailedAttempt() throws InterruptedException {
    String failure =
        failure(
            (context, next) -> {
              next.proceed();
              throw new IOException("commit failed");
            });
    assertThat(failure).isEqualTo("commit failed");
    assertThat(steps).containsExactly("handler payload");
  }

  @Test
  void oneThatDoesNotProceedEndsTheAttemptItself() throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder -> {
              handler(builder);
              builder.interceptor((context, next) -> JobOutcome.snooze(Duration.ofHours(1)));
            });
    assertThat(((JobEvent.Snoozed) end).delay()).isEqualTo(Duration.ofHours(1));
    assertThat(steps).isEmpty();
  }

  @Test
  void theHandlerRunsOnceHoweverOftenItProceeds() throws InterruptedException {
    String failure =
        failure(
            (context, next) -> {
              next.proceed();
              return next.proceed();
            });
    assertThat(failure)
        .startsWith("proceed() may be called once")
        .contains("interceptor=" + InterceptorsTest.class.getName());
    assertThat(steps).containsExactly("handler payload");
  }

  @Test
  void noOtherThreadMayProceed() throws InterruptedException {
    AtomicReference<Throwable> refused = new AtomicReference<>();
    OneJob.end(
        builder -> {
          handler(builder);
          builder.interceptor(
              (context, next) -> {
                Thread other =
                    new Thread(
                        () -> {
                          try {
                            next.proceed();
                          } catch (Throwable e) {
                            refused.set(e);
                          }
                        });
                other.start();
                other.join();
                return "done without the handler";
              });
        });
    assertThat(refused.get()).isInstanceOf(JobException.class);
    assertThat(steps).isEmpty();
  }

  @Test
  void noneMayProceedWhenItHasReturned() throws InterruptedException {
    AtomicReference<JobInterceptor.Invocation> kept = new AtomicReference<>();
    AtomicReference<Throwable> refused = new AtomicReference<>();
    OneJob.end(
        builder -> {
          handler(builder);
          builder
              .interceptor(
                  (context, next) -> {
                    Object result = next.proceed();
                    try {
                      kept.get().proceed();
                    } catch (JobException e) {
                      refused.set(e);
                    }
                    return result;
                  })
              .interceptor(
                  (context, next) -> {
                    kept.set(next);
                    return null;
                  });
        });
    assertThat(refused.get()).hasMessageContaining("before it returns");
    assertThat(steps).isEmpty();
  }

  @Test
  void theTimeoutHoldsForInterceptorsToo() throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder ->
                builder
                    .handler(
                        TYPE,
                        (payload, context) -> null,
                        HandlerOptions.defaults().timeout(Duration.ofMillis(50)))
                    .interceptor(
                        (context, next) -> {
                          new CountDownLatch(1).await();
                          return next.proceed();
                        }));
    assertThat(((JobEvent.Retried) end).failure().errorClass())
        .isEqualTo("dev.jobs4j.api.JobTimeoutException");
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> Jobs.builder().interceptor(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("interceptor");
  }
}
