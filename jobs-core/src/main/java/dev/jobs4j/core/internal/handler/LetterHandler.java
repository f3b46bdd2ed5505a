package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.core.config.HandlerOptions;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code for some dead letters.
 *
 * @param scope which letters
 * @param takes the class of payload that it takes, or null if it takes none or any
 * @param handler how it is run, with a {@link Letter} in place of a payload
 */
public record LetterHandler(LetterScope scope, @Nullable Class<?> takes, Handler handler) {

  /** Puts the parts together. */
  public static LetterHandler of(
      LetterScope scope,
      @Nullable Class<?> takes,
      JobExecutor<Object> executor,
      HandlerOptions options,
      String origin) {
    Handler handler = new Handler(scope.jobType(), 1, Letter.class, executor, options, origin);
    return new LetterHandler(scope, takes == Object.class ? null : takes, handler);
  }

  /** The same with these around its code, the first of them outermost. */
  public LetterHandler intercepted(List<JobInterceptor> interceptors) {
    return new LetterHandler(scope, takes, handler.intercepted(interceptors));
  }

  /**
   * Refuses what can never be run as it is declared.
   *
   * @param jobs the handler of its type, if it is for one
   */
  void check(Optional<Handler> jobs) {
    if (!scope.type().isEmpty() && jobs.isEmpty()) {
      throw new InvalidJobException(
          handler.origin()
              + " is for dead letters of type \""
              + scope.type()
              + "\", which no handler here runs");
    }
    Class<?> wanted = takes;
    if (wanted == null) {
      return;
    }
    if (scope.type().isEmpty()) {
      throw new InvalidJobException(
          handler.origin()
              + " is for dead letters of several types and cannot take one payload, takes "
              + wanted.getName()
              + "; take Object or DeadLetter, or inject(..) it");
    }
    Class<?> given = jobs.map(Handler::payloadType).map(LetterHandler::raw).orElse(null);
    if (given == null || !wanted.isAssignableFrom(given)) {
      throw new InvalidJobException(
          handler.origin()
              + " takes "
              + wanted.getName()
              + ", jobs of type "
              + scope.type()
              + " have "
              + (given == null ? "no payload" : given.getName()));
    }
  }

  private static @Nullable Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    return type instanceof ParameterizedType generic ? raw(generic.getRawType()) : Object.class;
  }
}
