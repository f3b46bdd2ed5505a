package dev.jobs4j.core;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedules;
import dev.jobs4j.core.JobsBuilder.NamedStore;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.client.DefaultJobClient;
import dev.jobs4j.core.internal.client.DefaultPauses;
import dev.jobs4j.core.internal.client.EveryLimits;
import dev.jobs4j.core.internal.client.FollowUps;
import dev.jobs4j.core.internal.client.JobIds;
import dev.jobs4j.core.internal.client.LetterFollowUps;
import dev.jobs4j.core.internal.event.JobLog;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.handler.LetterHandler;
import dev.jobs4j.core.internal.payload.BytesPayloadCodec;
import dev.jobs4j.core.internal.payload.Codecs;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.core.internal.payload.Sealing;
import dev.jobs4j.core.internal.schedule.DefaultSchedules;
import dev.jobs4j.core.internal.schedule.FiringJobs;
import dev.jobs4j.core.internal.worker.Engine;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.core.metrics.MicrometerJobListener;
import dev.jobs4j.core.protobuf.ProtobufPayloadCodec;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PayloadCodec;
import dev.jobs4j.spi.ScheduleStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together what a {@link JobsBuilder} has collected. */
final class Wiring {

  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  private final JobsBuilder set;
  private final Routes routes;
  private final Handlers handlers;
  private final Payloads payloads;
  private final Listeners listeners;

  Wiring(JobsBuilder set) {
    this.set = set;
    if (set.stores.isEmpty() && set.transports.isEmpty()) {
      throw new InvalidJobException("Neither store(..) nor transport(..) is set");
    }
    routes = new Routes(set.stores, set.transports, set.ticker);
    handlers =
        new Handlers(
            set.handlers.stream()
                .map(declared -> declared.with(set.injections).intercepted(set.interceptors))
                .toList(),
            set.letterHandlers.stream()
                .map(declared -> declared.with(set.injections).intercepted(set.interceptors))
                .toList());
    payloads =
        new Payloads(
            codecs(),
            handlers,
            set.upcasts,
            set.checks,
            new Sealing(set.encryption),
            set.options.maxPayloadBytes());
    List<JobListener> told = new ArrayList<>();
    told.add(new JobLog());
    told.add(new MicrometerJobListener(set.registry));
    told.addAll(set.listeners);
    listeners = new Listeners(told);
  }

  /** What a host set comes before what is there anyway, and may take its name. */
  private Codecs codecs() {
    List<PayloadCodec> codecs = new ArrayList<>(set.codecs);
    Set<String> taken = set.codecs.stream().map(PayloadCodec::name).collect(Collectors.toSet());
    if (!taken.contains("bytes")) {
      codecs.add(new BytesPayloadCodec());
    }
    if (!taken.contains("protobuf") && isPresent("com.google.protobuf.MessageLite")) {
      codecs.add(ProtobufPayloadCodec.create());
    }
    if (!taken.contains("json")) {
      codecs.add(JacksonPayloadCodec.create());
    }
    return new Codecs(codecs);
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, Wiring.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  Jobs enqueueOnly() {
    routes.check(Set.of());
    DefaultJobClient client = client(queue -> {});
    JobLimits limits = limits();
    return new Jobs(
        client, null, closeables(), this::masked, schedules(client), pauses(() -> {}), limits);
  }

  Jobs start() {
    if (set.handlers.isEmpty()) {
      throw new InvalidJobException(
          "start() needs handlers(..) or handler(..); use enqueueOnly() to run nothing here");
    }
    set.upcasts.check(handlers::of);
    Map<JobQueue, WorkerOptions> worked = new LinkedHashMap<>(set.queues);
    handlers.queues().forEach(queue -> worked.putIfAbsent(queue, set.workers));
    routes.check(worked.keySet());
    checkLetterHandlers(worked.keySet());
    checkArchive();
    AtomicReference<@Nullable Engine> started = new AtomicReference<>();
    DefaultJobClient client = client(queue -> wake(started.get(), queue));
    checkFairShares(worked);
    JobLimits limits = limits();
    Schedules schedules = schedules(client);
    Engine engine = startEngine(worked, client, started);
    return new Jobs(
        client, engine, closeables(), this::masked, schedules, pauses(engine::wake), limits);
  }

  private Engine startEngine(
      Map<JobQueue, WorkerOptions> worked,
      FollowUps followUps,
      AtomicReference<@Nullable Engine> started) {
    JobArchive given = set.archive;
    openArchive();
    try {
      Engine engine = engine(worked, followUps);
      started.set(engine);
      engine.start();
      return engine;
    } catch (Throwable e) { // rethrown; what was opened here would keep its folder
      if (given == null && set.archive != null) {
        closeQuietly(set.archive);
        set.archive = null;
      }
      throw e;
    }
  }

  /**
   * Keeps what the application declares; before anything runs, so that a wrong one runs nothing.
   */
  private Schedules schedules(DefaultJobClient client) {
    DefaultSchedules schedules =
        new DefaultSchedules(
            set.stores.stream().flatMap(store -> kept(store).stream()).toList(),
            this::schedulesOf,
            client,
            new FiringJobs(payloads, set.random::nextDouble));
    set.recurringMethods.forEach(method -> method.check(handlers));
    List<RecurringJob<?>> declared = new ArrayList<>(set.recurring);
    set.recurringMethods.forEach(method -> declared.add(method.job()));
    Set<String> names = new HashSet<>();
    for (RecurringJob<?> job : declared) {
      if (!names.add(job.name())) {
        throw new InvalidJobException("Two recurring jobs are named \"" + job.name() + "\"");
      }
    }
    declared.forEach(schedules::declare);
    if (!names.isEmpty()) {
      List<String> others = new ArrayList<>(schedules.declared());
      others.removeAll(names);
      if (!others.isEmpty()) {
        log.info(
            "Recurring jobs that this application does not declare go on, schedules().delete ends"
                + " one: {}",
            others);
      }
    }
    return schedules;
  }

  private JobLimits limits() {
    JobLimits limits =
        new EveryLimits(
            set.stores.stream().flatMap(store -> store.store().limits().stream()).toList(),
            routes::forgetLimits);
    set.limits.forEach(limits::define);
    return limits;
  }

  private void checkFairShares(Map<JobQueue, WorkerOptions> worked) {
    worked.forEach(
        (queue, options) -> {
          if (options.fairShare() != null
              && !routes.backend(queue).capabilities().contains(Capability.FAIR_SHARE)) {
            throw new InvalidJobException(
                "The backend of queue "
                    + queue
                    + " cannot share its starts among tenants: leave fairShare out of its"
                    + " WorkerOptions, or let it live in a store that can");
          }
        });
  }

  private Optional<ScheduleStore> schedulesOf(JobQueue queue) {
    return routes.store(queue).flatMap(Wiring::kept);
  }

  private Pauses pauses(Runnable resumed) {
    return new DefaultPauses(
        set.stores.stream().flatMap(store -> store.store().pauses().stream()).toList(),
        queue -> routes.store(queue).flatMap(store -> store.store().pauses()),
        resumed);
  }

  private static Optional<ScheduleStore> kept(NamedStore store) {
    return store.store().capabilities().contains(Capability.SCHEDULES)
        ? Optional.of(store.store().schedules())
        : Optional.empty();
  }

  private String masked(DeadLetter letter) {
    return payloads.masked(letter.type(), new Payload(letter.codec(), letter.payload()));
  }

  /** Engine and client need each other; nothing is enqueued before the engine is there. */
  private static void wake(@Nullable Engine engine, JobQueue queue) {
    if (engine != null) {
      engine.wake(queue);
    }
  }

  private Engine engine(Map<JobQueue, WorkerOptions> worked, FollowUps followUps) {
    Engine engine =
        new Engine(
            set.options,
            handlers,
            payloads,
            listeners,
            followUps,
            new Engine.Surroundings(
                set.threads,
                set.workerExecutor,
                set.ticker,
                set.random::nextDouble,
                this::uuid,
                set.archive));
    for (JobTransport transport : set.transports) {
      Map<JobQueue, WorkerOptions> own = Routes.served(transport, worked);
      if (!own.isEmpty()) {
        engine.add(transport, own);
      }
    }
    routes
        .kept(worked)
        .forEach(
            (store, own) ->
                engine.add(store.name(), following(store.store()), own, name(), version()));
    return engine;
  }

  private JobStore following(JobStore store) {
    return handlers.letters().isEmpty() || !store.capabilities().contains(Capability.FOLLOW_UP)
        ? store
        : store.following(new LetterFollowUps(handlers, payloads));
  }

  /** Before anything is opened: where they are wanted, dead letters can be followed by a run. */
  private void checkLetterHandlers(Set<JobQueue> worked) {
    for (LetterHandler letters : handlers.letters()) {
      Set<JobQueue> queues = worked;
      if (!letters.scope().type().isEmpty()) {
        queues = Set.of(handlers.of(letters.scope().type()).orElseThrow().options().queue());
      } else if (!letters.scope().queue().isEmpty()) {
        queues = Set.of(JobQueue.of(letters.scope().queue()));
      }
      for (JobQueue queue : queues) {
        if (!worked.contains(queue)) {
          throw new InvalidJobException(
              letters.handler().origin() + ": queue " + queue + " is not worked here");
        }
        if (!routes.backend(queue).capabilities().contains(Capability.FOLLOW_UP)) {
          throw new InvalidJobException(
              letters.handler().origin()
                  + " cannot be run for dead letters of queue "
                  + queue
                  + ", whose backend stores nothing in the transaction that makes one; put the"
                  + " queue into a store which can, or look for letters with deadLetters()");
        }
      }
    }
  }

  private void checkArchive() {
    if (set.archive == null && set.archiveFolder == null) {
      return;
    }
    if (set.stores.isEmpty()) {
      throw new InvalidJobException("archive(..) is for jobs of a store, and none is set");
    }
    for (NamedStore store : set.stores) {
      if (!store.store().capabilities().contains(Capability.ARCHIVE)) {
        throw new InvalidJobException(
            "archive(..) is set, but "
                + store.store().getClass().getSimpleName()
                + " \""
                + store.name()
                + "\" keeps nothing to archive (JdbcStoreOptions.history DELETE does not)");
      }
    }
  }

  /** Only where jobs are run: a folder is for one process, and enqueueing needs none. */
  private void openArchive() {
    if (set.archive == null && set.archiveFolder != null) {
      set.archive = JsonLinesArchive.in(set.archiveFolder);
    }
  }

  private DefaultJobClient client(Consumer<JobQueue> wake) {
    return new DefaultJobClient(
        routes::backend,
        set.stores.stream().map(store -> store.store().records()).toList(),
        handlers::of,
        payloads,
        new JobIds(set.clock, set.random::nextLong),
        listeners,
        wake);
  }

  private List<AutoCloseable> closeables() {
    List<AutoCloseable> closeables = new ArrayList<>(set.transports);
    set.stores.forEach(store -> closeables.add(store.store()));
    if (set.archive != null) {
      closeables.add(set.archive);
    }
    return List.copyOf(closeables);
  }

  private UUID uuid() {
    return new UUID(
        (set.random.nextLong() & ~0xF000L) | 0x4000L,
        (set.random.nextLong() >>> 2) | Long.MIN_VALUE);
  }

  private String name() {
    if (!set.options.name().isEmpty()) {
      return set.options.name();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      log.debug("Host name unknown, the engine is called \"unnamed\"", e);
      return "unnamed";
    }
  }

  private static String version() {
    String version = Wiring.class.getPackage().getImplementationVersion();
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
