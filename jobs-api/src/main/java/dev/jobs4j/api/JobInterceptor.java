package dev.jobs4j.api;

import org.jspecify.annotations.Nullable;

/**
 * Stands around the handlers of an engine: opens what a handler needs and closes it after,
 * measures, refuses. Called for every attempt whose payload could be read, on the thread that runs
 * the handler, within the attempt's timeout; must be thread-safe. The interceptor that was
 * registered first is the outermost.
 *
 * <pre>{@code
 * builder.interceptor((context, next) -> {
 *   try (Tenant tenant = tenants.enter(context.tenant())) {
 *     return next.proceed();
 *   }
 * });
 * }</pre>
 *
 * What it returns and throws counts as the handler's own: a result or a {@link JobOutcome}, or a
 * failed attempt. So one that throws before it proceeds makes a failed attempt of a handler that
 * never ran, and one that does not proceed at all says itself how the attempt ended; to ask for
 * another time it returns {@link JobOutcome#snooze}.
 */
@FunctionalInterface
public interface JobInterceptor {

  /**
   * Stands around one attempt.
   *
   * @param context the attempt
   * @param next the interceptors behind this one and the handler
   * @return what {@code next} returned, or what takes its place
   * @throws Exception what {@code next} threw, or what takes its place
   */
  @Nullable Object around(JobContext context, Invocation next) throws Exception;

  /** The rest of one attempt's way to its handler. */
  interface Invocation {

    /** The payload as the handler gets it; null for a handler that takes none. */
    @Nullable Object payload();

    /**
     * Goes on to the handler. May be called once, by the thread that called the interceptor and
     * before it returns: to run a handler again is what retries are for.
     *
     * @return what the handler returned, or an interceptor in between made of it
     * @throws JobException if it is called again, by another thread or too late
     * @throws Exception what the handler or an interceptor in between threw
     */
    @Nullable Object proceed() throws Exception;
  }
}
