package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.calling;
import static dev.jobs4j.core.http.Callbacks.url;
import static dev.jobs4j.core.http.Callbacks.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The executor as a handler of an engine. */
@Timeout(60)
class HttpCallbackEngineTest {

  private static final JobType<HttpCallback> TYPE = JobType.of("http_callback", HttpCallback.class);

  private final BlockingQueue<JobEvent> events = new LinkedBlockingQueue<>();

  private Jobs start(HttpCallbackExecutor executor, HandlerOptions options) {
    return Jobs.builder()
        .store(InMemoryJobStore.create())
        .listener(events::add)
        .handler(TYPE, executor, options)
        .start();
  }

  private <E extends JobEvent> E await(Class<E> kind) throws InterruptedException {
    while (true) {
      JobEvent event = events.take();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  @Test
  void aCallbackIsDelivered() throws Exception {
    try (Receiver receiver = Receiver.answering(Callbacks.OK);
        Jobs jobs =
            start(
                with(receiver, CallbackOptions.builder().keepResponse(true)),
                HandlerOptions.defaults())) {
      JobId id = jobs.enqueue(TYPE, HttpCallback.post(url(receiver), "hello")).id();
      assertThat(await(JobEvent.Succeeded.class).job().id()).isEqualTo(id);
      Receiver.Request request = receiver.requests.take();
      assertThat(request.text()).isEqualTo("hello");
      assertThat(request.headers())
          .containsEntry("idempotency-key", id.toString())
          .containsEntry("job-attempt", "1");
    }
  }

  @Test
  void whatIsNotAllowedIsADeadLetterAtTheFirstAttempt() throws Exception {
    try (Receiver receiver = Receiver.answering(Callbacks.OK);
        Jobs jobs = start(calling(receiver).build(), HandlerOptions.defaults())) {
      jobs.enqueue(TYPE, HttpCallback.post("http://169.254.169.254/latest?token=x", null));
      JobEvent.Died died = await(JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.REJECTED);
      assertThat(died.failure().message())
          .isEqualTo(
              "POST http://169.254.169.254/latest was not called: no target allows its scheme,"
                  + " host and port");
    }
  }

  @Test
  void retryAfterReplacesTheBackoffAndSpendsAnAttempt() throws Exception {
    try (Receiver receiver =
            Receiver.answering("HTTP/1.1 429 x\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
        Jobs jobs =
            start(
                calling(receiver).build(),
                HandlerOptions.defaults()
                    .retry(RetryPolicy.of(2, Backoff.constant(Duration.ofHours(9)))))) {
      jobs.enqueue(TYPE, HttpCallback.post(url(receiver), 1));
      assertThat(await(JobEvent.Retried.class).delay()).isEqualTo(Duration.ofSeconds(1));
      JobEvent.Died died = await(JobEvent.Died.class);
      assertThat(died.reason()).isEqualTo(DeadReason.EXHAUSTED);
      assertThat(died.failure().message()).isEqualTo("POST " + url(receiver) + " answered 429");
    }
  }

  @Test
  void theTimeoutOfTheAttemptEndsTheCall() throws Exception {
    CompletableFuture<Void> hungUp = new CompletableFuture<>();
    Duration day = Duration.ofDays(1);
    try (Receiver receiver =
            Receiver.playing(
                (connection, requests) -> {
                  Receiver.read(connection.getInputStream());
                  Receiver.awaitHangUp(connection);
                  hungUp.complete(null);
                });
        Jobs jobs =
            start(
                with(receiver, CallbackOptions.builder().responseTimeout(day).totalTimeout(day)),
                HandlerOptions.defaults()
                    .retry(RetryPolicy.never())
                    .timeout(Duration.ofMillis(300)))) {
      jobs.enqueue(TYPE, HttpCallback.post(url(receiver), 1));
      JobEvent.Died died = await(JobEvent.Died.class);
      assertThat(died.failure().errorClass()).endsWith("JobTimeoutException");
      hungUp.get();
      assertThat(events).noneMatch(JobEvent.SlotLeaked.class::isInstance);
    }
  }

  @Test
  void aCancelledJobEndsItsCall() throws Exception {
    CompletableFuture<Void> hungUp = new CompletableFuture<>();
    CompletableFuture<Void> called = new CompletableFuture<>();
    Duration day = Duration.ofDays(1);
    try (Receiver receiver =
            Receiver.playing(
                (connection, requests) -> {
                  Receiver.read(connection.getInputStream());
                  called.complete(null);
                  Receiver.awaitHangUp(connection);
                  hungUp.complete(null);
                });
        Jobs jobs =
            start(
                with(receiver, CallbackOptions.builder().responseTimeout(day).totalTimeout(day)),
                HandlerOptions.defaults())) {
      JobId id = jobs.enqueue(TYPE, HttpCallback.post(url(receiver), 1)).id();
      called.get();
      jobs.cancel(id);
      assertThat(await(JobEvent.Cancelled.class).job().id()).isEqualTo(id);
      hungUp.get();
    }
  }
}
