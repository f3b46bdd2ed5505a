package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLogger;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.ParentResult;
import dev.jobs4j.api.event.JobEvent.JobRef;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Overrides;
import dev.jobs4j.core.internal.payload.Decoded;
import dev.jobs4j.core.internal.payload.Secrets;
import dev.jobs4j.core.internal.schedule.FiringJobs;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of one job on its way through the engine. Its ending is decided once: by its worker,
 * or by whoever gives up waiting for the worker, whichever comes first.
 */
final class Attempt implements JobContext {

  /** Why a running attempt is asked to end; the first reason stays. */
  enum End {
    /** Somebody cancelled the job. */
    CANCELLED,
    /** It ran longer than its timeout. */
    TIMED_OUT,
    /** The engine stops. */
    STOPPED,
    /** Another worker may have the job. */
    LEASE_LOST
  }

  private final LeasedJob job;
  private final Handler handler;
  private final Slots place;
  private final Ticker ticker;
  private final long takenAt;
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
  private volatile boolean leaseLost;
  private volatile Duration took = Duration.ZERO;
  private volatile @Nullable Notebook notebook;
  private volatile @Nullable Inheritance inheritance;
  private @Nullable Thread thread;

  /** Guarded by {@code this}, as what it is made of: most attempts say nothing. */
  private @Nullable Reporter reporter;

  private @Nullable Reports reports;
  private Secrets secrets = Decoded.NOTHING.secrets();
  private boolean closed;

  /** An attempt at a job that was claimed just now. */
  Attempt(LeasedJob job, Handler handler, Slots place, Ticker ticker) {
    this.job = job;
    this.handler = handler;
    this.place = place;
    this.ticker = ticker;
    this.takenAt = ticker.nanos();
  }

  /** The slots of its queue, one of which it takes. */
  Slots place() {
    return place;
  }

  LeasedJob job() {
    return job;
  }

  Handler handler() {
    return handler;
  }

  /**
   * How long ago the job was stored: what its backend's clock said at the claim, and the time since
   * by our own ticker, so that no clock of ours is compared with one of theirs.
   */
  Duration age() {
    return job.age().plusNanos(ticker.nanos() - takenAt);
  }

  /** How long ago it was taken from its source. */
  Duration waited() {
    return Duration.ofNanos(ticker.nanos() - takenAt);
  }

  /** The longest it may take. */
  Optional<Duration> timeout() {
    try {
      return Overrides.timeout(job, handler.options().timeout());
    } catch (InvalidJobException e) {
      return handler.options().timeout(); // its worker refuses the job for this header
    }
  }

  JobRef ref() {
    return new JobRef(job.id(), job.type(), job.queue(), job.attempt());
  }

  /** What its handler writes down goes here from now on. */
  void writeInto(Notebook book) {
    notebook = book;
  }

  /** What others have left is found there from now on. */
  void inherit(Inheritance value) {
    inheritance = value;
  }

  private Inheritance inheritance() {
    Inheritance left = inheritance;
    if (left == null) {
      throw new InvalidJobException(
          "The backend of queue "
              + job.queue()
              + " keeps no results; put the job and those that it waits for into a store: type="
              + job.type());
    }
    return left;
  }

  /** What its handler says goes there from now on, without these secrets. */
  synchronized void sayTo(Reports value, Secrets hidden) {
    reports = value;
    secrets = hidden;
  }

  /** It is settled; what its handler says from now on is no longer kept. */
  synchronized void close() {
    closed = true;
  }

  private synchronized Reporter reporter() {
    Reporter known = reporter;
    if (known == null) {
      Reports to = Objects.requireNonNull(reports, "reports");
      known = closed ? to.closed(this, secrets) : to.open(this, secrets);
      reporter = known;
    }
    return known;
  }

  private Notebook notebook() {
    Notebook book = notebook;
    if (book == null) {
      throw new InvalidJobException(
          "The backend of queue "
              + job.queue()
              + " cannot keep steps; put the job into a queue that lives in a store which can: type="
              + job.type());
    }
    return book;
  }

  /** The calling thread runs the handler from now on and may be interrupted. */
  synchronized void begin() {
    thread = Thread.currentThread();
    if (end.get() != null) {
      thread.interrupt();
    }
  }

  /**
   * The calling thread is done with the handler. Taking the thread out under the lock that {@link
   * #end} interrupts under keeps a late interrupt from hitting the thread's next job.
   */
  synchronized void leave(Duration elapsed) {
    thread = null;
    took = elapsed;
    Thread.interrupted();
  }

  /**
   * Where its handler is at this moment; empty if none runs. Taken under the lock of {@link
   * #leave}: the thread may have another job next.
   */
  synchronized StackTraceElement[] stack() {
    return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
  }

  /** Asks the attempt to end and interrupts its handler. */
  synchronized void end(End reason) {
    boolean news = end.compareAndSet(null, reason);
    if (reason == End.LEASE_LOST && !leaseLost) {
      leaseLost = true;
      news = true;
    }
    if (news && thread != null) {
      thread.interrupt();
    }
  }

  /** Its ending was decided without its thread: from now on another worker may run the job. */
  void forsake() {
    leaseLost = true;
  }

  /** Why it was asked to end, or null. */
  @Nullable End endReason() {
    return end.get();
  }

  /** Decides the ending; false if it was decided before. */
  boolean decide(Outcome value) {
    return outcome.compareAndSet(null, value);
  }

  boolean isDecided() {
    return outcome.get() != null;
  }

  /** How long the handler ran. */
  Duration took() {
    return took;
  }

  @Override
  public JobId jobId() {
    return job.id();
  }

  @Override
  public String type() {
    return handler.type();
  }

  @Override
  public JobQueue queue() {
    return job.queue();
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public OptionalLong fencingToken() {
    return job.fencingToken();
  }

  @Override
  public Optional<String> tenant() {
    return Optional.ofNullable(job.tenant());
  }

  @Override
  public Set<String> tags() {
    return job.tags();
  }

  @Override
  public Optional<String> origin() {
    return Optional.ofNullable(job.origin());
  }

  @Override
  public Optional<Instant> firing() {
    return FiringJobs.firing(job.headers());
  }

  @Override
  public boolean isCancelled() {
    return end.get() != null;
  }

  @Override
  public boolean isLeaseLost() {
    return leaseLost;
  }

  @Override
  public void progress(long done, long total, String message) {
    reporter().progress(done, total, message);
  }

  @Override
  public JobLogger log() {
    return reporter();
  }

  @Override
  public <T> Optional<T> result(String step, Class<T> type) {
    return inheritance().result(step, type);
  }

  @Override
  public <T> Optional<T> result(JobId id, Class<T> type) {
    return inheritance().result(id, type);
  }

  @Override
  public <T> Stream<ParentResult<T>> results(Class<T> type) {
    return inheritance().results(type);
  }

  @Override
  public <T> T step(String name, Class<T> type, Callable<T> work) throws Exception {
    Object value = notebook().step(name, Objects.requireNonNull(type, "type"), work);
    return type.cast(Objects.requireNonNull(value, "value"));
  }

  @Override
  public void step(String name, StepWork work) throws Exception {
    notebook()
        .step(
            name,
            null,
            () -> {
              work.run();
              return null;
            });
  }
}
