package dev.jobs4j.examples.chaos.enqueue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.JobId;
import dev.jobs4j.examples.chaos.work.Kind;
import dev.jobs4j.examples.chaos.work.Task;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes new jobs with names that are not used twice. */
final class Names {

  private final AtomicInteger last = new AtomicInteger();

  Task task(Kind kind, String group) {
    return new Task(kind.label() + "-" + last.incrementAndGet(), group);
  }

  /** Mostly plain ones. */
  Task any(Random random) {
    int percent = random.nextInt(100);
    Kind kind =
        percent < 70
            ? Kind.PLAIN
            : percent < 77
                ? Kind.FLAKY
                : percent < 80 ? Kind.DYING : percent < 91 ? Kind.GUARDED : Kind.CHAINED;
    return task(kind, "");
  }

  /** The id that a caller who brings his own gives to a job: the same whenever he repeats. */
  static JobId id(Task task) {
    return new JobId(UUID.nameUUIDFromBytes(task.name().getBytes(UTF_8)));
  }
}
