package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Recurring;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.config.Durations;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Makes recurring jobs of {@link Recurring} methods, superclasses' included. */
public final class RecurringMethods {

  /**
   * A recurring job that a method declares.
   *
   * @param origin the method, for errors
   */
  public record Declared(RecurringJob<?> job, String origin) {

    /**
     * Refuses a method that takes a payload.
     *
     * @throws InvalidJobException if it does; the message names it
     */
    public void check(Handlers handlers) {
      String type = job.request().type().name();
      if (handlers.of(type).filter(handler -> handler.payloadType() != null).isPresent()) {
        throw new InvalidJobException(
            "@Recurring "
                + origin
                + " takes a payload, which nobody gives it: take it out, or declare the recurring"
                + " job by recurring(RecurringJob)");
      }
    }
  }

  private RecurringMethods() {}

  /**
   * The recurring jobs that {@code declaring} declares.
   *
   * @throws InvalidJobException if one is declared wrongly; the message names the method
   */
  public static List<Declared> of(Class<?> declaring) {
    List<Declared> declared = new ArrayList<>();
    Set<String> overridden = new HashSet<>();
    for (Class<?> type = declaring; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        Recurring recurring = method.getAnnotation(Recurring.class);
        boolean relevant = recurring != null || method.isAnnotationPresent(JobHandler.class);
        if (relevant && !method.isBridge() && overridden.add(signature(method))) {
          if (recurring != null) {
            declared.add(of(method, recurring));
          }
        }
      }
    }
    return declared;
  }

  private static String signature(Method method) {
    return method.getName() + MethodType.methodType(void.class, method.getParameterTypes());
  }

  private static Declared of(Method method, Recurring recurring) {
    String origin = method.getDeclaringClass().getName() + "." + method.getName();
    JobHandler handler = method.getAnnotation(JobHandler.class);
    try {
      if (handler == null) {
        throw new InvalidJobException("it needs @JobHandler too, which says what runs");
      }
      return new Declared(job(handler, recurring), origin);
    } catch (InvalidJobException e) {
      throw new InvalidJobException("@Recurring " + origin + ": " + e.getMessage(), e);
    }
  }

  private static RecurringJob<?> job(JobHandler handler, Recurring recurring) {
    JobType<Map<String, Object>> type =
        JobType.<Map<String, Object>>ofGeneric(handler.type(), Map.class)
            .version(handler.version())
            .onQueue(handler.queue());
    RecurringJob<?> job =
        RecurringJob.of(
                recurring.name().isEmpty() ? handler.type() : recurring.name(),
                schedule(recurring),
                type.request(Map.of()))
            .misfire(Misfire.parse(recurring.misfire()))
            .overlap(recurring.overlap())
            .jitter(
                recurring.jitter().isEmpty()
                    ? Duration.ZERO
                    : Durations.parse("jitter", recurring.jitter()));
    return recurring.description().isEmpty() ? job : job.description(recurring.description());
  }

  private static Schedule schedule(Recurring recurring) {
    long said =
        Stream.of(recurring.cron(), recurring.every(), recurring.delay())
            .filter(text -> !text.isEmpty())
            .count();
    if (said != 1) {
      throw new InvalidJobException("one of cron, every and delay must say when, had " + said);
    }
    if (!recurring.cron().isEmpty()) {
      return Schedule.parse(recurring.cron(), recurring.zone());
    }
    return Schedule.parse(
        recurring.every().isEmpty() ? "@delay " + recurring.delay() : "@every " + recurring.every(),
        recurring.zone());
  }
}
