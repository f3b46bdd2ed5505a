package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.core.config.HandlerOptions;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The code for one type of job.
 *
 * @param type the registered name; earlier ones are among the options
 * @param version the version of the payload's shape that it takes
 * @param payloadType what the payload is decoded to; null if the code takes none
 * @param executor the code
 * @param options how it is run
 * @param origin where it was declared, for errors
 */
public record Handler(
    String type,
    int version,
    @Nullable Type payloadType,
    JobExecutor<Object> executor,
    HandlerOptions options,
    String origin) {

  /** What code that takes no payload is given in its place. */
  public static final Object NO_PAYLOAD = new Object();

  /** The same handler with these around its code, the first of them outermost. */
  public Handler intercepted(List<JobInterceptor> interceptors) {
    return new Handler(
        type, version, payloadType, Interception.around(interceptors, executor), options, origin);
  }
}
