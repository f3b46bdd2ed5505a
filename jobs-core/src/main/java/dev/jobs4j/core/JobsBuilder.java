package dev.jobs4j.core;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.HandlerDeclaration;
import dev.jobs4j.core.internal.handler.HandlerMethods;
import dev.jobs4j.core.internal.handler.Injections;
import dev.jobs4j.core.internal.handler.LetterDeclaration;
import dev.jobs4j.core.internal.handler.LetterMethods;
import dev.jobs4j.core.internal.handler.RecurringMethods;
import dev.jobs4j.core.internal.payload.Upcasts;
import dev.jobs4j.core.internal.worker.Engine;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.KeyProvider;
import dev.jobs4j.spi.PayloadCheck;
import dev.jobs4j.spi.PayloadCodec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects what {@link Jobs} is made of; with {@link Wiring} the only place where the parts meet,
 * and the only one that reads the system's clock and randomness. Not thread-safe; make one {@code
 * Jobs} of it.
 */
public final class JobsBuilder {

  /** Where {@link #store(JobStore)} puts its store; the name of its threads and troubles. */
  private static final String MAIN_STORE = "store";

  private final Plugins plugins = new Plugins();
  final List<NamedStore> stores = new ArrayList<>();
  final List<JobTransport> transports = new ArrayList<>();
  final List<HandlerDeclaration> handlers = new ArrayList<>();
  final List<LetterDeclaration> letterHandlers = new ArrayList<>();
  final List<RecurringJob<?>> recurring = new ArrayList<>();
  final List<RecurringMethods.Declared> recurringMethods = new ArrayList<>();
  final List<JobLimit> limits = new ArrayList<>();
  final Injections injections = new Injections();
  final List<JobInterceptor> interceptors = new ArrayList<>();
  final Map<JobQueue, WorkerOptions> queues = new LinkedHashMap<>();
  final List<JobListener> listeners = new ArrayList<>();
  EngineOptions options = EngineOptions.defaults();
  WorkerOptions workers = WorkerOptions.defaults();
  final List<PayloadCodec> codecs = new ArrayList<>();
  final Upcasts upcasts = new Upcasts();
  final List<PayloadCheck> checks = new ArrayList<>();
  @Nullable EncryptionOptions encryption;
  @Nullable JobArchive archive;

  /** Where a start opens an archive of files, if no other is set. */
  @Nullable Path archiveFolder;

  MeterRegistry registry = Metrics.globalRegistry;
  InstantSource clock = InstantSource.system();
  Ticker ticker = System::nanoTime;
  RandomGenerator random = new SecureRandom();
  ThreadFactory threads = Engine.plainThreads();
  @Nullable Executor workerExecutor;

  /**
   * A store and what lives in it.
   *
   * @param queues its own queues; empty means every queue that nothing else has
   */
  record NamedStore(String name, JobStore store, Set<JobQueue> queues) {}

  JobsBuilder() {}

  /** Keeps jobs in {@code value}: every queue that nothing else has. Closed with the jobs. */
  public JobsBuilder store(JobStore value) {
    if (stores.stream().anyMatch(other -> other.queues().isEmpty())) {
      throw new InvalidJobException(
          "store is set twice; give the second one a name and its queues:"
              + " store(name, store, queues..)");
    }
    stores.add(new NamedStore(MAIN_STORE, value, Set.of()));
    return this;
  }

  /**
   * Keeps the jobs of these queues in {@code value}; may be called for several stores. Each is
   * worked under an engine lease of its own, so the outage of one does not stop the others. Closed
   * with the jobs.
   *
   * @param name 1 to 40 characters, for threads, logs and health; one store has one name
   */
  public JobsBuilder store(String name, JobStore value, String... queueNames) {
    if (name.isBlank() || name.length() > 40) {
      throw new InvalidJobException(
          "store name must have 1 to 40 characters, was \"" + name + "\"");
    }
    if (queueNames.length == 0) {
      throw new InvalidJobException(
          "store \"" + name + "\" needs the names of its queues; use store(store) for all others");
    }
    if (stores.stream().anyMatch(other -> other.name().equals(name))) {
      throw new InvalidJobException("two stores are named \"" + name + "\"");
    }
    Set<JobQueue> own = new LinkedHashSet<>();
    for (String queue : queueNames) {
      own.add(JobQueue.of(queue));
    }
    stores.add(new NamedStore(name, value, own));
    return this;
  }

  /** Moves the jobs of the transport's queues over its broker. Closed with the jobs. */
  public JobsBuilder transport(JobTransport value) {
    transports.add(value);
    return this;
  }

  /** Whether a store or a transport was set; without one nothing can be enqueued. */
  public boolean hasBackend() {
    return !stores.isEmpty() || !transports.isEmpty();
  }

  /** Runs what the {@code @JobHandler} and {@code @DeadLetterHandler} methods are for. */
  public JobsBuilder handlers(Object... beans) {
    for (Object bean : beans) {
      handlersOf(bean.getClass(), bean);
    }
    return this;
  }

  /**
   * Runs the jobs of every {@code @JobHandler} method that {@code declaring} has or inherits, on
   * {@code bean}: one of its instances, or a proxy with an interface that has the methods.
   */
  public JobsBuilder handlersOf(Class<?> declaring, Object bean) {
    List<HandlerDeclaration> jobs = HandlerMethods.of(declaring, bean);
    List<LetterDeclaration> letters = LetterMethods.of(declaring, bean);
    if (jobs.isEmpty() && letters.isEmpty()) {
      throw new InvalidJobException(
          declaring.getName() + " has no method annotated with @JobHandler or @DeadLetterHandler");
    }
    handlers.addAll(jobs);
    letterHandlers.addAll(letters);
    recurringMethods.addAll(RecurringMethods.of(declaring));
    return this;
  }

  /** Runs this for jobs that were given up. */
  public JobsBuilder deadLetters(DeadLetterHandling value) {
    letterHandlers.add(any -> value.handler());
    return this;
  }

  /**
   * Keeps a recurring job from the start on, as {@link dev.jobs4j.api.schedule.Schedules#save}
   * does. One that an application declares no more goes on until it is deleted; a start logs the
   * names of those.
   */
  public JobsBuilder recurring(RecurringJob<?> value) {
    recurring.add(Objects.requireNonNull(value, "recurring job"));
    return this;
  }

  /**
   * Keeps these limits from the start on, in place of those of their names, in every store that
   * can; see {@link dev.jobs4j.api.JobLimits#define}.
   *
   * @throws InvalidJobException if two have one name
   */
  public JobsBuilder limits(JobLimit... values) {
    for (JobLimit value : values) {
      if (limits.stream().anyMatch(other -> other.name().equals(value.name()))) {
        throw new InvalidJobException("Two limits are named \"" + value.name() + "\"");
      }
      limits.add(value);
    }
    return this;
  }

  /** Whether anything that runs jobs was set; {@link #start()} needs it. */
  public boolean hasHandlers() {
    return !handlers.isEmpty();
  }

  /** Runs the jobs of a type, with the default options. */
  public <P> JobsBuilder handler(JobType<P> type, JobExecutor<P> executor) {
    HandlerOptions defaults = HandlerOptions.defaults();
    return handler(
        type, executor, type.queue().map(q -> defaults.queue(q.name())).orElse(defaults));
  }

  /**
   * Runs the jobs of a type.
   *
   * @throws InvalidJobException if the options name another queue than the type does: jobs would go
   *     to the one and be looked for in the other
   */
  public <P> JobsBuilder handler(
      JobType<P> type, JobExecutor<P> executor, HandlerOptions handlerOptions) {
    JobQueue queue = handlerOptions.queue();
    if (type.queue().filter(typeQueue -> !typeQueue.equals(queue)).isPresent()) {
      throw new InvalidJobException(
          "type "
              + type.name()
              + " is on queue "
              + type.queue().get()
              + " and its handler on queue "
              + queue
              + ": name the same in HandlerOptions.queue and JobType.onQueue");
    }
    @SuppressWarnings("unchecked") // the codec decodes to the type's payload
    JobExecutor<Object> untyped = (payload, context) -> executor.execute((P) payload, context);
    Handler handler =
        new Handler(
            type.name(),
            type.version(),
            type.payloadType(),
            untyped,
            handlerOptions,
            "handler(" + type.name() + ", " + executor.getClass().getName() + ")");
    handlers.add(any -> handler);
    return this;
  }

  /**
   * Gives {@code @JobHandler} methods that take a {@code type}, by exactly this class, what {@code
   * value} answers for the attempt; called for each, on its thread, within the interceptors. It
   * must not answer null: that is a failed attempt. {@code JobContext} and {@link
   * dev.jobs4j.api.JobId} are given anyway.
   */
  public <T> JobsBuilder inject(Class<T> type, Function<? super JobContext, ? extends T> value) {
    injections.add(type, value);
    return this;
  }

  /** Puts {@code value} around every handler, within those that were set before it. */
  public JobsBuilder interceptor(JobInterceptor value) {
    interceptors.add(Objects.requireNonNull(value, "interceptor"));
    return this;
  }

  /**
   * Lets each {@link JobsPlugin} configure this builder that the context class loader of the
   * calling thread finds, in the order of {@link java.util.ServiceLoader}. Nothing is loaded
   * without this call.
   *
   * @throws InvalidJobException if one cannot be loaded or fails; the message names it
   */
  public JobsBuilder plugins() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return plugins(context == null ? JobsPlugin.class.getClassLoader() : context);
  }

  /** The same with the plug-ins that {@code loader} finds; each class configures once. */
  public JobsBuilder plugins(ClassLoader loader) {
    plugins.apply(loader, this);
    return this;
  }

  /** Works this queue in this way; also one that no handler names. */
  public JobsBuilder queue(String name, WorkerOptions value) {
    queues.put(JobQueue.of(name), value);
    return this;
  }

  /** Works every queue that is not named in this way. */
  public JobsBuilder workers(WorkerOptions value) {
    workers = value;
    return this;
  }

  /** Sets how the engine behaves as a whole. */
  public JobsBuilder options(EngineOptions value) {
    options = value;
    return this;
  }

  /** Tells {@code value} what happens to jobs; may be called for several. */
  public JobsBuilder listener(JobListener value) {
    listeners.add(value);
    return this;
  }

  /**
   * Writes payloads and results of the types that {@code value} says with it, and reads what was
   * written under its name; may be called for several, of which the first set one writes. There are
   * already {@code bytes} for {@code byte[]}, {@code protobuf} for messages if protobuf-java is
   * there, and {@code json} by Jackson 2 for all else; one of the same name takes the place.
   */
  public JobsBuilder codec(PayloadCodec value) {
    codecs.add(value);
    return this;
  }

  /**
   * Brings payloads that were stored in version {@code from} of a type to version {@code from + 1}:
   * {@code step} is given the fields as maps, lists, texts, numbers and booleans, may change them,
   * and returns the new ones. Steps are taken one after the other when a job runs, until the
   * version of its handler; where one is missing the fields stay as they are.
   *
   * @param type the registered name, not an alias
   */
  public JobsBuilder upcast(
      String type, int from, UnaryOperator<Map<String, @Nullable Object>> step) {
    upcasts.add(type, from, step);
    return this;
  }

  /**
   * Lets {@code value} refuse payloads at enqueue and before they run, such as {@code
   * JsonSchemaCheck}; may be called for several.
   */
  public JobsBuilder check(PayloadCheck value) {
    checks.add(value);
    return this;
  }

  /**
   * Encrypts payloads and results with AES-256-GCM under the keys of {@code keys}, and runs nothing
   * that was stored in clear; see {@link EncryptionOptions} for less.
   */
  public JobsBuilder encryption(KeyProvider keys) {
    return encryption(EncryptionOptions.with(keys));
  }

  /** Encrypts payloads and results as {@code value} says. */
  public JobsBuilder encryption(EncryptionOptions value) {
    encryption = value;
    return this;
  }

  /**
   * Gives jobs that have ended to {@code value} before their stores delete them, in batches. Where
   * it fails they stay. Closed with the jobs.
   */
  public JobsBuilder archive(JobArchive value) {
    archive = value;
    return this;
  }

  /** Counts and times jobs in {@code value} instead of Micrometer's global registry. */
  public JobsBuilder meterRegistry(MeterRegistry value) {
    registry = value;
    return this;
  }

  /** Takes the date for new ids from {@code value}; nothing else depends on it. */
  public JobsBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /** Measures time with {@code value}. */
  public JobsBuilder ticker(Ticker value) {
    ticker = value;
    return this;
  }

  /** Takes ids and jitter from {@code value}, which must be thread-safe. */
  public JobsBuilder random(RandomGenerator value) {
    random = value;
    return this;
  }

  /** Makes all threads with {@code value}; names are set afterwards. */
  public JobsBuilder threadFactory(ThreadFactory value) {
    threads = value;
    return this;
  }

  /**
   * Runs handlers on {@code value} instead of threads of our own; slots still bound how many at
   * once. It must not run them on the calling thread. Never shut down by us.
   */
  public JobsBuilder workerExecutor(Executor value) {
    workerExecutor = value;
    return this;
  }

  /**
   * Jobs that can be enqueued here and run elsewhere. This process then knows the queue of a type
   * only from the request, from {@link JobType#onQueue}, or from handlers that were given all the
   * same; otherwise a job goes to the default queue.
   *
   * @throws InvalidJobException if there is neither a store nor a transport
   */
  public Jobs enqueueOnly() {
    return new Wiring(this).enqueueOnly();
  }

  /**
   * Starts running jobs.
   *
   * @throws InvalidJobException if something is missing or contradicts; the message says what
   */
  public Jobs start() {
    return new Wiring(this).start();
  }
}
