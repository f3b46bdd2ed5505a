package dev.jobs4j.spring;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.Retry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler class that knows nothing of Spring. */
class Greeter {

  record Greeting(String name, int failures) {}

  static final JobType<Greeting> GREET = JobType.of("greet", Greeting.class);
  static final JobType<String> REJECT = JobType.of("reject", String.class);

  final List<String> said = new CopyOnWriteArrayList<>();

  @JobHandler(
      type = "greet",
      queue = "greetings",
      aliases = "salute",
      timeout = "10s",
      retry = @Retry(backoff = Backoff.Kind.CONSTANT, initial = "1ms", max = "1ms", attempts = 3))
  String greet(Greeting greeting, JobContext context) {
    said.add(greeting.name() + " " + context.queue() + " " + context.attempt());
    if (context.attempt() <= greeting.failures()) {
      throw new IllegalStateException("not yet");
    }
    return "hello " + greeting.name();
  }

  @JobHandler(
      type = "reject",
      retry = @Retry(attempts = 5, abortOn = IllegalArgumentException.class))
  void reject(String what) {
    said.add("reject " + what);
    throw new IllegalArgumentException(what);
  }
}
