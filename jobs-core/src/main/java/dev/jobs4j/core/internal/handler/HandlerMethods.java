package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.Retry;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.api.retry.RetryableErrors;
import dev.jobs4j.core.config.Durations;
import dev.jobs4j.core.config.HandlerOptions;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes handlers of an object's {@link JobHandler} methods, its superclasses' included. */
public final class HandlerMethods {

  private HandlerMethods() {}

  /**
   * The handlers of {@code bean}.
   *
   * @throws InvalidJobException if one cannot be called as it is declared; the message names the
   *     method and what to mend
   */
  public static List<HandlerDeclaration> of(Object bean) {
    return of(bean.getClass(), bean);
  }

  /**
   * The handlers that {@code declaring} has, called on {@code bean}: one of its instances, or a
   * proxy with an interface that has each of the methods.
   *
   * @throws InvalidJobException as {@link #of(Object)}, and if the proxy lacks a method
   */
  public static List<HandlerDeclaration> of(Class<?> declaring, Object bean) {
    List<HandlerDeclaration> handlers = new ArrayList<>();
    for (Method method : annotated(declaring, JobHandler.class)) {
      handlers.add(of(bean, method, method.getAnnotation(JobHandler.class)));
    }
    return handlers;
  }

  /** The methods with this annotation; of those that override each other the lowest one. */
  static List<Method> annotated(Class<?> declaring, Class<? extends Annotation> annotation) {
    List<Method> methods = new ArrayList<>();
    Set<String> overridden = new HashSet<>();
    for (Class<?> type = declaring; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(annotation)
            && !method.isBridge()
            && overridden.add(signature(method))) {
          methods.add(method);
        }
      }
    }
    return methods;
  }

  /** How a method is called in errors. */
  static String name(Method method) {
    return method.getDeclaringClass().getName() + "." + method.getName();
  }

  private static String signature(Method method) {
    return method.getName() + MethodType.methodType(void.class, method.getParameterTypes());
  }

  /** Everything is checked here and now, but for parameters that somebody may yet inject. */
  private static HandlerDeclaration of(Object bean, Method method, JobHandler annotation) {
    String origin = name(method);
    String said = "@JobHandler " + origin;
    refuseSensitive(method, origin);
    MethodHandle call = bind(bean, callable(bean, method, said), said);
    HandlerOptions options =
        options(annotation.queue(), annotation.timeout(), annotation.retry(), said)
            .aliases(annotation.aliases());
    return injections -> {
      Parameters parameters = Parameters.of(method, injections, origin);
      return new Handler(
          annotation.type(),
          annotation.version(),
          parameters.payload(),
          parameters.executor(call),
          options,
          origin);
    };
  }

  private static void refuseSensitive(Method method, String origin) {
    if (Arrays.stream(method.getParameters())
        .anyMatch(parameter -> parameter.isAnnotationPresent(Sensitive.class))) {
      throw new InvalidJobException(
          "@JobHandler "
              + origin
              + " has a @Sensitive parameter, which says nothing: mark the members of the payload"
              + " class, or the class");
    }
  }

  /** The method itself, or the one of an interface that a proxy has in its place. */
  static Method callable(Object bean, Method method, String origin) {
    if (method.getDeclaringClass().isInstance(bean)) {
      return method;
    }
    return Arrays.stream(bean.getClass().getInterfaces())
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .filter(candidate -> stands(candidate, method))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidJobException(
                    origin
                        + " cannot be called on the proxy "
                        + bean.getClass().getName()
                        + ": no interface of it has the method; add it to one, or let the class"
                        + " itself be proxied (in Spring: proxyTargetClass = true)"));
  }

  /** Whether a call of {@code candidate} ends in {@code method}; a generic interface is wider. */
  private static boolean stands(Method candidate, Method method) {
    Class<?>[] wide = candidate.getParameterTypes();
    Class<?>[] narrow = method.getParameterTypes();
    return candidate.getName().equals(method.getName())
        && wide.length == narrow.length
        && IntStream.range(0, wide.length).allMatch(i -> wide[i].isAssignableFrom(narrow[i]));
  }

  static MethodHandle bind(Object bean, Method method, String origin) {
    if (Modifier.isStatic(method.getModifiers())) {
      throw new InvalidJobException(origin + " must not be static");
    }
    try {
      method.setAccessible(true);
      MethodHandle handle = MethodHandles.lookup().unreflect(method).bindTo(bean);
      return handle.asType(handle.type().changeReturnType(Object.class));
    } catch (IllegalAccessException | InaccessibleObjectException e) {
      throw new InvalidJobException(
          origin + " cannot be called: make it public or open its package", e);
    }
  }

  static HandlerOptions options(String queue, String timeout, Retry retry, String origin) {
    try {
      Duration limit = timeout.isEmpty() ? null : Durations.parse("timeout", timeout);
      return new HandlerOptions(JobQueue.of(queue), policy(retry), limit, Set.of());
    } catch (IllegalArgumentException | InvalidJobException e) {
      throw new InvalidJobException(origin + ": " + e.getMessage(), e);
    }
  }

  private static RetryPolicy policy(Retry retry) {
    Duration maxAge =
        retry.maxAge().isEmpty() ? null : Durations.parse("retry.maxAge", retry.maxAge());
    return new RetryPolicy(
        retry.attempts(),
        Backoff.of(
            retry.backoff(),
            Durations.parse("retry.initial", retry.initial()),
            Durations.parse("retry.max", retry.max())),
        retry.jitter(),
        new RetryableErrors(Set.of(retry.abortOn()), Set.of(retry.retryOn()), null, null),
        maxAge);
  }
}
