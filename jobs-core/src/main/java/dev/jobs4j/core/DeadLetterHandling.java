package dev.jobs4j.core;

import dev.jobs4j.api.DeadLetterExecutor;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.internal.handler.Letter;
import dev.jobs4j.core.internal.handler.LetterHandler;
import dev.jobs4j.core.internal.handler.LetterScope;
import java.time.Duration;

/**
 * What is run for jobs that were given up; what a {@link dev.jobs4j.api.DeadLetterHandler}
 * annotation says, as a value. Immutable.
 */
public final class DeadLetterHandling {

  private final LetterScope scope;
  private final JobExecutor<Object> executor;
  private final String origin;
  private final HandlerOptions options;

  private DeadLetterHandling(
      LetterScope scope, JobExecutor<Object> executor, String origin, HandlerOptions options) {
    this.scope = scope;
    this.executor = executor;
    this.origin = origin;
    this.options = options;
  }

  private static <P> DeadLetterHandling of(LetterScope scope, DeadLetterExecutor<P> executor) {
    @SuppressWarnings("unchecked") // the payload is decoded as the type's handler takes it
    JobExecutor<Object> untyped =
        (letter, context) -> {
          Letter given = (Letter) letter;
          executor.handle((P) given.payload(), given.letter(), context);
          return null;
        };
    String origin =
        "DeadLetterHandling(" + scope.jobType() + ", " + executor.getClass().getName() + ")";
    return new DeadLetterHandling(scope, untyped, origin, HandlerOptions.defaults());
  }

  /** For the dead letters of a type; a handler of the same engine must run it. */
  public static <P> DeadLetterHandling ofType(JobType<P> type, DeadLetterExecutor<P> executor) {
    return of(LetterScope.ofType(type.name()), executor);
  }

  /** For the dead letters of a queue, except of types that have their own. */
  public static DeadLetterHandling inQueue(String queue, DeadLetterExecutor<Object> executor) {
    return of(LetterScope.inQueue(JobQueue.of(queue)), executor);
  }

  /** For all dead letters, except of types and queues that have their own. */
  public static DeadLetterHandling ofAll(DeadLetterExecutor<Object> executor) {
    return of(LetterScope.all(), executor);
  }

  /** The same with another retry policy than the default one. */
  public DeadLetterHandling retry(RetryPolicy value) {
    return new DeadLetterHandling(scope, executor, origin, options.retry(value));
  }

  /** The same with a timeout. */
  public DeadLetterHandling timeout(Duration value) {
    return new DeadLetterHandling(scope, executor, origin, options.timeout(value));
  }

  LetterHandler handler() {
    return LetterHandler.of(scope, null, executor, options, origin);
  }
}
