package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobInterceptor.Invocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The code of a handler with interceptors around it, the first of them outermost. */
final class Interception implements JobExecutor<Object> {

  private final List<JobInterceptor> interceptors;
  private final JobExecutor<Object> code;

  private Interception(List<JobInterceptor> interceptors, JobExecutor<Object> code) {
    this.interceptors = interceptors;
    this.code = code;
  }

  static JobExecutor<Object> around(List<JobInterceptor> interceptors, JobExecutor<Object> code) {
    return interceptors.isEmpty() ? code : new Interception(List.copyOf(interceptors), code);
  }

  @Override
  public @Nullable Object execute(Object payload, JobContext context) throws Exception {
    return run(0, payload, context);
  }

  private @Nullable Object run(int from, Object payload, JobContext context) throws Exception {
    if (from == interceptors.size()) {
      return code.execute(payload, context);
    }
    Rest rest = new Rest(from, payload, context);
    try {
      return interceptors.get(from).around(context, rest);
    } finally {
      rest.over = true;
    }
  }

  /** What lies behind one interceptor, for one attempt. */
  private final class Rest implements Invocation {

    private final int place;
    private final Object payload;
    private final JobContext context;
    private final Thread thread = Thread.currentThread();

    /** Written and, where it decides, read by {@link #thread} alone. */
    private boolean over;

    Rest(int place, Object payload, JobContext context) {
      this.place = place;
      this.payload = payload;
      this.context = context;
    }

    @Override
    public @Nullable Object payload() {
      if (payload instanceof Letter letter) {
        return letter.letter();
      }
      return payload == Handler.NO_PAYLOAD ? null : payload;
    }

    @Override
    public @Nullable Object proceed() throws Exception {
      if (Thread.currentThread() != thread || over) {
        throw new JobException(
            "proceed() may be called once, by the thread that called the interceptor and before it"
                + " returns: interceptor="
                + interceptors.get(place).getClass().getName()
                + " job="
                + context.jobId());
      }
      over = true;
      return run(place + 1, payload, context);
    }
  }
}
