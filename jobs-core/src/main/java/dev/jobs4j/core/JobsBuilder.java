package dev.jobs4j.core;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.client.Backend;
import dev.jobs4j.core.internal.client.DefaultJobClient;
import dev.jobs4j.core.internal.client.JobIds;
import dev.jobs4j.core.internal.event.JobLog;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.HandlerMethods;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.worker.Engine;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.core.metrics.MicrometerJobListener;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.PayloadCodec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires {@link Jobs}; the only place where the parts meet, and the only one that reads the system's
 * clock and randomness. Not thread-safe; make one {@code Jobs} of it.
 */
public final class JobsBuilder {

  private static final Logger log = LoggerFactory.getLogger(JobsBuilder.class);

  private @Nullable JobStore store;
  private final List<JobTransport> transports = new ArrayList<>();
  private final List<Handler> handlers = new ArrayList<>();
  private final Map<JobQueue, WorkerOptions> queues = new LinkedHashMap<>();
  private final List<JobListener> listeners = new ArrayList<>();
  private EngineOptions options = EngineOptions.defaults();
  private WorkerOptions workers = WorkerOptions.defaults();
  private PayloadCodec codec = JacksonPayloadCodec.create();
  private MeterRegistry registry = Metrics.globalRegistry;
  private InstantSource clock = InstantSource.system();
  private Ticker ticker = System::nanoTime;
  private RandomGenerator random = new SecureRandom();
  private ThreadFactory threads = Engine.plainThreads();
  private @Nullable Executor workerExecutor;

  JobsBuilder() {}

  /** Keeps jobs in {@code value}: every queue that no transport has. Closed with the jobs. */
  public JobsBuilder store(JobStore value) {
    if (store != null) {
      throw new InvalidJobException("store is set twice; one Jobs has one store");
    }
    store = value;
    return this;
  }

  /** Moves the jobs of the transport's queues over its broker. Closed with the jobs. */
  public JobsBuilder transport(JobTransport value) {
    transports.add(value);
    return this;
  }

  /** Runs the jobs of every {@code @JobHandler} method on these objects. */
  public JobsBuilder handlers(Object... beans) {
    for (Object bean : beans) {
      handlers.addAll(HandlerMethods.of(bean));
    }
    return this;
  }

  /**
   * Runs the jobs of every {@code @JobHandler} method that {@code declaring} has or inherits, on
   * {@code bean}: one of its instances, or a proxy with an interface that has the methods.
   */
  public JobsBuilder handlersOf(Class<?> declaring, Object bean) {
    handlers.addAll(HandlerMethods.of(declaring, bean));
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
    handlers.add(
        new Handler(
            type.name(),
            type.payloadType(),
            untyped,
            handlerOptions,
            "handler(" + type.name() + ", " + executor.getClass().getName() + ")"));
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

  /** Writes and reads payloads with {@code value} instead of JSON by Jackson 2. */
  public JobsBuilder codec(PayloadCodec value) {
    codec = value;
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
    Parts parts = parts();
    checkBackends(Set.of());
    return new Jobs(client(parts, queue -> {}), null, parts.closeables);
  }

  /**
   * Starts running jobs.
   *
   * @throws InvalidJobException if something is missing or contradicts; the message says what
   */
  public Jobs start() {
    Parts parts = parts();
    if (handlers.isEmpty()) {
      throw new InvalidJobException(
          "start() needs handlers(..) or handler(..); use enqueueOnly() to run nothing here");
    }
    Map<JobQueue, WorkerOptions> worked = new LinkedHashMap<>(queues);
    parts.handlers.queues().forEach(queue -> worked.putIfAbsent(queue, workers));
    checkBackends(worked.keySet());
    Engine engine =
        new Engine(
            options,
            parts.handlers,
            codec,
            parts.listeners,
            new Engine.Surroundings(
                threads, workerExecutor, ticker, random::nextDouble, this::uuid));
    for (JobTransport transport : transports) {
      Map<JobQueue, WorkerOptions> own = new LinkedHashMap<>(worked);
      own.keySet().retainAll(transport.queues());
      worked.keySet().removeAll(transport.queues());
      if (!own.isEmpty()) {
        engine.add(transport, own);
      }
    }
    if (store != null && !worked.isEmpty()) {
      engine.add(store, worked, name(), version());
    }
    engine.start();
    return new Jobs(client(parts, engine::wake), engine, parts.closeables);
  }

  /** Before anything is opened: each queue has one backend. */
  private void checkBackends(Set<JobQueue> worked) {
    Set<JobQueue> homeless = new LinkedHashSet<>(worked);
    Set<JobQueue> onTransports = new HashSet<>();
    for (JobTransport transport : transports) {
      homeless.removeAll(transport.queues());
      for (JobQueue queue : transport.queues()) {
        if (!onTransports.add(queue)) {
          throw new InvalidJobException("queue " + queue + " is named by two transports");
        }
      }
    }
    if (store == null && !homeless.isEmpty()) {
      throw new InvalidJobException(
          "No backend for queues " + homeless + ": set store(..) or name them in a transport");
    }
  }

  private record Parts(Handlers handlers, Listeners listeners, List<AutoCloseable> closeables) {}

  private Parts parts() {
    if (store == null && transports.isEmpty()) {
      throw new InvalidJobException("Neither store(..) nor transport(..) is set");
    }
    List<JobListener> told = new ArrayList<>();
    told.add(new JobLog());
    told.add(new MicrometerJobListener(registry));
    told.addAll(listeners);
    List<AutoCloseable> closeables = new ArrayList<>(transports);
    if (store != null) {
      closeables.add(store);
    }
    return new Parts(new Handlers(handlers), new Listeners(told), List.copyOf(closeables));
  }

  private DefaultJobClient client(Parts parts, Consumer<JobQueue> wake) {
    Map<JobQueue, Backend> byQueue = new HashMap<>();
    for (JobTransport transport : transports) {
      Backend backend = Backend.of(transport);
      transport.queues().forEach(queue -> byQueue.put(queue, backend));
    }
    Optional<Backend> others = Optional.ofNullable(store).map(Backend::of);
    Function<JobQueue, Backend> backends =
        queue ->
            Optional.ofNullable(byQueue.get(queue))
                .or(() -> others)
                .orElseThrow(
                    () ->
                        new InvalidJobException(
                            "No backend for queue "
                                + queue
                                + ": set store(..) or name it in a transport"));
    List<JobRecords> records = store == null ? List.of() : List.of(store.records());
    return new DefaultJobClient(
        backends,
        records,
        type -> parts.handlers.of(type).map(handler -> handler.options().queue()),
        codec,
        options.maxPayloadBytes(),
        new JobIds(clock, random::nextLong),
        parts.listeners,
        wake);
  }

  private UUID uuid() {
    return new UUID(
        (random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | Long.MIN_VALUE);
  }

  private String name() {
    if (!options.name().isEmpty()) {
      return options.name();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      log.debug("Host name unknown, the engine is called \"unnamed\"", e);
      return "unnamed";
    }
  }

  private static String version() {
    String version = JobsBuilder.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static void closeQuietly(AutoCloseable backend) {
    try {
      backend.close();
    } catch (Exception e) {
      log.warn("Did not close cleanly: backend={}", backend.getClass().getName(), e);
    }
  }
}
