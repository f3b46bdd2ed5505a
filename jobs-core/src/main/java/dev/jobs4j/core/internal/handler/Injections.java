package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a handler method may take beside its payload, by the exact class of the parameter. Filled
 * while an engine is put together, then only read.
 */
public final class Injections {

  private final Map<Class<?>, Function<? super JobContext, ?>> byType = new LinkedHashMap<>();

  /** The context and the id of the job. */
  public Injections() {
    byType.put(JobContext.class, context -> context);
    byType.put(JobId.class, JobContext::jobId);
  }

  /**
   * Gives parameters of class {@code type} what {@code value} answers.
   *
   * @throws InvalidJobException if the class is primitive or is given something already
   */
  public <T> void add(Class<T> type, Function<? super JobContext, ? extends T> value) {
    if (type.isPrimitive()) {
      throw new InvalidJobException("inject(..) cannot give a primitive: " + type);
    }
    if (byType.putIfAbsent(type, value) != null) {
      throw new InvalidJobException(
          type.getName() + " is injected already, inject(..) it once under one class");
    }
  }

  Optional<Function<? super JobContext, ?>> of(Class<?> type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** The classes it knows, for people. */
  @Override
  public String toString() {
    return byType.keySet().stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
  }
}
