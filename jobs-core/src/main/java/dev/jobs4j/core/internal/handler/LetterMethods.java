package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterHandler;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.HandlerOptions;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes handlers of an object's {@link DeadLetterHandler} methods, superclasses' included. */
public final class LetterMethods {

  private static final String WORD = "@DeadLetterHandler ";

  /** What a parameter is given by its class; anything else is injected or the payload. */
  private static final Map<Class<?>, Function<DeadLetter, Object>> PARTS =
      Map.of(
          DeadLetter.class, letter -> letter,
          Failure.class, DeadLetter::failure,
          DeadReason.class, DeadLetter::reason,
          JobId.class, DeadLetter::id,
          JobQueue.class, DeadLetter::queue);

  private LetterMethods() {}

  /**
   * The dead-letter handlers that {@code declaring} has, called on {@code bean}; see {@link
   * HandlerMethods#of(Class, Object)}.
   *
   * @throws InvalidJobException if one cannot be called as it is declared; the message names it
   */
  public static List<LetterDeclaration> of(Class<?> declaring, Object bean) {
    List<LetterDeclaration> handlers = new ArrayList<>();
    for (Method method : HandlerMethods.annotated(declaring, DeadLetterHandler.class)) {
      handlers.add(of(bean, method, method.getAnnotation(DeadLetterHandler.class)));
    }
    return handlers;
  }

  private static LetterDeclaration of(Object bean, Method method, DeadLetterHandler annotation) {
    String origin = WORD + HandlerMethods.name(method);
    MethodHandle call =
        HandlerMethods.bind(bean, HandlerMethods.callable(bean, method, origin), origin);
    LetterScope scope = scope(annotation, origin);
    HandlerOptions options =
        HandlerMethods.options("default", annotation.timeout(), annotation.retry(), origin);
    return injections -> {
      List<BiFunction<Letter, JobContext, @Nullable Object>> arguments = new ArrayList<>();
      Class<?> payload = null;
      for (Class<?> type : method.getParameterTypes()) {
        Function<DeadLetter, Object> part = PARTS.get(type);
        Function<? super JobContext, ?> injected = injections.of(type).orElse(null);
        if (part != null) {
          arguments.add((letter, context) -> part.apply(letter.letter()));
        } else if (injected != null) {
          arguments.add((letter, context) -> injected.apply(context));
        } else if (payload == null) {
          payload = type;
          arguments.add((letter, context) -> letter.payload());
        } else {
          throw new InvalidJobException(
              origin
                  + " may take one payload, takes "
                  + payload.getName()
                  + " and "
                  + type.getName());
        }
      }
      return LetterHandler.of(scope, payload, executor(call, arguments), options, origin);
    };
  }

  private static JobExecutor<Object> executor(
      MethodHandle call, List<BiFunction<Letter, JobContext, @Nullable Object>> arguments) {
    MethodHandle spread = call.asSpreader(Object[].class, arguments.size());
    return (letter, context) ->
        Parameters.invoke(
            spread, arguments.stream().map(each -> each.apply((Letter) letter, context)).toArray());
  }

  private static LetterScope scope(DeadLetterHandler annotation, String origin) {
    boolean typed = !annotation.value().isEmpty();
    if (typed && !annotation.queue().isEmpty()) {
      throw new InvalidJobException(
          origin + " names a type and a queue; leave one out: jobs of a type are in one queue");
    }
    try {
      return typed
          ? LetterScope.ofType(annotation.value())
          : annotation.queue().isEmpty()
              ? LetterScope.all()
              : LetterScope.inQueue(JobQueue.of(annotation.queue()));
    } catch (InvalidJobException e) {
      throw new InvalidJobException(origin + ": " + e.getMessage(), e);
    }
  }
}
