package dev.jobs4j.examples.atworker;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.core.http.CallbackOptions;
import dev.jobs4j.core.http.CallbackTarget;
import dev.jobs4j.core.http.HttpCallback;
import dev.jobs4j.core.http.HttpCallbackExecutor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Posts {@code data} to {@code url}: an object as JSON, a string as it is. */
final class HttpCallbacks implements JobExecutor<HttpCallback> {

  private final HttpCallbackExecutor executor;

  HttpCallbacks(List<CallbackTarget> targets, Duration timeout) {
    CallbackOptions options =
        CallbackOptions.builder()
            .responseTimeout(timeout)
            .totalTimeout(timeout)
            .textType("application/json") // the string is the body, ready made
            .build();
    executor =
        HttpCallbackExecutor.builder()
            .allow(targets.toArray(CallbackTarget[]::new))
            .options(options)
            .build();
  }

  @Override
  public @Nullable Object execute(HttpCallback callback, JobContext context)
      throws InterruptedException {
    return callback.url().isBlank() || callback.data() == null
        ? JobOutcome.reject("payload must have the fields url and data")
        : executor.execute(callback, context);
  }
}
