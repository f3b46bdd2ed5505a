package dev.jobs4j.core.testing;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.memory.InMemoryJobStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tests code that enqueues and runs jobs: the engine that ships, on a store in memory, on the
 * test's own thread and in made-up time. There are no other threads and no waiting, and the same
 * test takes the same course each time.
 *
 * <pre>{@code
 * JobsTester tester = JobsTester.of(new Billing(mailer));
 * new Shop(tester.client()).place(order);
 * tester
 *     .assertEnqueued(SEND, invoice -> invoice.email().equals("a@b.c"))
 *     .failNext(SEND, 2, new IOException("mail server down"))
 *     .drain()
 *     .advance(Duration.ofHours(1))
 *     .assertSucceeded(1);
 * }</pre>
 *
 * <p>Payloads and results go through the codec as in production, so what would not survive it fails
 * here too. What a handler throws is a failed attempt, with one exception: an {@link
 * AssertionError} is thrown again by the {@link #drain()} or {@link #advance} that ran the handler.
 *
 * <p>A tester belongs to one thread, and handlers must not call it; they may use {@link #client()},
 * as any thread may. It holds nothing that must be closed. Assertions throw {@link AssertionError}
 * with a list of the jobs there are, and need no test framework.
 */
public final class JobsTester {

  /** The most handlers that run at one moment of made-up time, unless said otherwise. */
  public static final int MOST_RUNS = 10_000;

  private final Simulation simulation = new Simulation();
  private final Ledger ledger = simulation.ledger;
  private final Faults faults = new Faults();
  private final JobClient client = new NotingClient(simulation::client, ledger);
  private boolean running;

  /** Sets up what is tested. */
  @FunctionalInterface
  public interface Setup {

    /**
     * Gives the builder what production gives it, except for stores and transports; clock, ticker,
     * chance and threads are the tester's own in any case.
     *
     * @param builder to be filled
     * @param client for handlers that enqueue; to be used once the tester is made
     */
    void configure(JobsBuilder builder, JobClient client);
  }

  private JobsTester() {}

  /** Tests these objects' {@code @JobHandler} methods; none makes a tester that runs nothing. */
  public static JobsTester of(Object... handlers) {
    return with((builder, client) -> builder.handlers(handlers));
  }

  /** Tests what {@code setup} sets up, with a seed that is always the same. */
  public static JobsTester with(Setup setup) {
    return with(1, setup);
  }

  /** Tests what {@code setup} sets up; ids and jitter come from {@code seed}. */
  public static JobsTester with(long seed, Setup setup) {
    JobsTester tester = new JobsTester();
    JobsBuilder builder =
        Jobs.builder().meterRegistry(new SimpleMeterRegistry()).listener(tester.ledger);
    setup.configure(builder, tester.client);
    tester.simulation.start(builder, tester.faults, seed);
    return tester;
  }

  /** For the code under test: enqueues as in production. Thread-safe. */
  public JobClient client() {
    return client;
  }

  /** The made-up time, for the code under test; begins with the year 2026. Thread-safe. */
  public InstantSource clock() {
    return simulation.time;
  }

  /** What starts no jobs for now; jobs of it stay pending while others are drained. */
  public Pauses pauses() {
    return simulation.store.pauses().orElseThrow();
  }

  /** The limits; jobs that they hold back stay pending while others are drained. */
  public JobLimits limits() {
    return simulation.store.limits().orElseThrow();
  }

  /** Begins a transaction for {@code client().in(..)}; its jobs are there once it commits. */
  public InMemoryJobStore.Transaction begin() {
    return simulation.store.begin();
  }

  /** Runs every job that is due now, and what these make due, until nothing is. */
  public JobsTester drain() {
    return drain(MOST_RUNS);
  }

  /**
   * Runs every job that is due now, and what these make due, until nothing is.
   *
   * @param most how many handlers may run, ≥ 1
   * @throws AssertionError if more are due, as when a job enqueues itself for ever; or what a
   *     handler asserted in vain
   */
  public JobsTester drain(int most) {
    if (most < 1) {
      throw new InvalidJobException("most must be >= 1, was " + most);
    }
    return run(() -> simulation.drain(most, at -> tooMany(most, at)));
  }

  /**
   * Lets time pass and runs each job at the moment it becomes due: now, when its delay is over,
   * when a retry is, or when a dead engine's lease is.
   *
   * @param by more than zero
   * @throws AssertionError if more than {@value #MOST_RUNS} handlers run at one moment; or what a
   *     handler asserted in vain
   */
  public JobsTester advance(Duration by) {
    requirePositive(by);
    return run(() -> simulation.advance(by, MOST_RUNS, at -> tooMany(MOST_RUNS, at)));
  }

  private static void requirePositive(Duration by) {
    if (by.isNegative() || by.isZero()) {
      throw new InvalidJobException("time must pass by more than 0, was " + by);
    }
  }

  private JobsTester run(Runnable moves) {
    if (running) { // thrown into the handler, and again by the drain or advance that runs it
      throw new AssertionError(
          "drain() and advance() must not be called by a handler; to let time pass while it runs,"
              + " use slowNext(..)");
    }
    running = true;
    try {
      moves.run();
    } finally {
      running = false;
    }
    faults.complain();
    return this;
  }

  private void tooMany(int most, Instant at) {
    throw failure(
        most + " handlers ran and more are due at " + at + ": does a job enqueue itself for ever?");
  }

  // What goes wrong. Faults of a type happen in the order they are asked for, one an attempt.

  /**
   * Lets the next attempts of a type fail with {@code error} instead of calling the handler.
   *
   * @param times how many attempts, ≥ 1
   * @param error an exception or an error
   */
  public JobsTester failNext(JobType<?> type, int times, Throwable error) {
    if (times < 1) {
      throw new InvalidJobException("times must be >= 1, was " + times);
    }
    if (!(error instanceof Exception) && !(error instanceof Error)) {
      throw new InvalidJobException("error must be an exception or an error, was " + error);
    }
    faults.onPurpose(error);
    faults.plan(
        type.name(),
        times,
        (context, next) -> {
          if (error instanceof Error e) {
            throw e;
          }
          throw (Exception) error;
        });
    return this;
  }

  /**
   * Lets {@code by} pass before the handler of the next attempt of a type is called, as if it had
   * waited for something. If its timeout is over meanwhile, or it is asked to end for another
   * reason, that wait is interrupted and the handler is not called.
   */
  public JobsTester slowNext(JobType<?> type, Duration by) {
    requirePositive(by);
    return plan(
        type,
        (context, next) -> {
          simulation.passWhileRunning(by, context);
          return next.proceed();
        });
  }

  /**
   * Lets the process die when the handler of the next attempt of a type has done its work and
   * before the store hears of it. Another process comes up at once; the job comes back to it when
   * the lease of the dead one is over (a little more than 32 s by default) as a suspect, without an
   * attempt spent. Other jobs that the process had claimed come back with it.
   */
  public JobsTester crashBeforeSettle(JobType<?> type) {
    return plan(
        type,
        (context, next) -> {
          try {
            return next.proceed();
          } finally {
            simulation.killEngine();
          }
        });
  }

  /**
   * Lets the engine lose its lease as the next attempt of a type begins: it freezes until another
   * has taken its jobs back, which takes time. The handler then runs all the same, interrupted and
   * with {@code isLeaseLost()}; what it reports changes nothing, and the job runs again.
   */
  public JobsTester loseLease(JobType<?> type) {
    return plan(
        type,
        (context, next) -> {
          simulation.loseLease(context);
          return next.proceed();
        });
  }

  /**
   * Delivers the next job of a type twice: its handler does its work, the store never hears of it
   * and gives the job out again at once, under the same attempt.
   */
  public JobsTester duplicateNext(JobType<?> type) {
    return plan(
        type,
        (context, next) -> {
          try {
            return next.proceed();
          } finally {
            simulation.takeBack(context);
          }
        });
  }

  private JobsTester plan(JobType<?> type, JobInterceptor fault) {
    faults.plan(type.name(), 1, fault);
    return this;
  }

  // What happened.

  /** Everything that happened to jobs so far. */
  public List<JobEvent> events() {
    return ledger.events();
  }

  /**
   * The jobs of a type that were enqueued so far, with {@link #client()} or to follow a success, in
   * that order, whatever became of them; those of a transaction once it has committed.
   *
   * @throws AssertionError if one was enqueued in another way, so that its payload is not known
   */
  public <P> List<EnqueuedJob<P>> enqueued(JobType<P> type) {
    return jobs(type).stream().map(job -> new EnqueuedJob<>(job, payload(type, job))).toList();
  }

  @SuppressWarnings("unchecked") // a type's name stands for its payload's class
  private <P> P payload(JobType<P> type, Job job) {
    Object payload = ledger.payload(job.id());
    if (payload == null) {
      throw failure(
          "The payload of "
              + type.name()
              + " "
              + job.id()
              + " is unknown: enqueue it with client()");
    }
    return (P) payload;
  }

  private List<Job> jobs(JobType<?> type) {
    return ledger.jobs().stream().filter(job -> job.type().equals(type.name())).toList();
  }

  /** Fails unless at least one job of the type was enqueued. */
  public JobsTester assertEnqueued(JobType<?> type) {
    return check(!jobs(type).isEmpty(), "expected a job " + type.name() + ", none was enqueued");
  }

  /** Fails unless at least one job of the type was enqueued with a payload like this. */
  public <P> JobsTester assertEnqueued(JobType<P> type, Predicate<? super P> payload) {
    long like = count(type, payload);
    return check(like > 0, "expected a job " + type.name() + " with such a payload, there is none");
  }

  /** Fails if a job of the type was enqueued. */
  public JobsTester assertNotEnqueued(JobType<?> type) {
    int count = jobs(type).size();
    return check(count == 0, "expected no job " + type.name() + ", there are " + count);
  }

  /** Fails if a job of the type was enqueued with a payload like this. */
  public <P> JobsTester assertNotEnqueued(JobType<P> type, Predicate<? super P> payload) {
    long like = count(type, payload);
    return check(
        like == 0, "expected no job " + type.name() + " with such a payload, there are " + like);
  }

  private <P> long count(JobType<P> type, Predicate<? super P> payload) {
    return enqueued(type).stream().filter(job -> payload.test(job.payload())).count();
  }

  /** Fails unless exactly so many jobs have succeeded. */
  public JobsTester assertSucceeded(int times) {
    return assertCount(times, JobState.SUCCEEDED, ledger.jobs(), "jobs");
  }

  /** Fails unless exactly so many jobs of the type have succeeded. */
  public JobsTester assertSucceeded(JobType<?> type, int times) {
    return assertCount(times, JobState.SUCCEEDED, jobs(type), "jobs " + type.name());
  }

  /** Fails unless exactly so many jobs wait, be it for their time or for others. */
  public JobsTester assertPending(int times) {
    return assertCount(times, JobState.PENDING, ledger.jobs(), "jobs");
  }

  /** Fails unless exactly so many jobs are dead letters. */
  public JobsTester assertDead(int times) {
    return assertCount(times, JobState.DEAD, ledger.jobs(), "jobs");
  }

  /** Fails unless at least one job of the type is a dead letter for this reason. */
  public JobsTester assertDead(JobType<?> type, DeadReason reason) {
    return check(
        jobs(type).stream().anyMatch(job -> job.deadReason().filter(reason::equals).isPresent()),
        "expected a dead job " + type.name() + " with reason " + reason + ", there is none");
  }

  /** Fails unless exactly so many failed attempts of the type were followed by another. */
  public JobsTester assertRetried(JobType<?> type, int times) {
    long count =
        ledger.events().stream()
            .filter(event -> event instanceof JobEvent.Retried)
            .filter(event -> event.job().type().equals(type.name()))
            .count();
    return check(
        count == times,
        "expected " + times + " retries of " + type.name() + ", there were " + count);
  }

  private JobsTester assertCount(int expected, JobState state, List<Job> jobs, String what) {
    long count = jobs.stream().filter(job -> job.state() == state).count();
    return check(
        count == expected,
        "expected " + expected + " " + what + " to be " + state + ", there are " + count);
  }

  private JobsTester check(boolean holds, String otherwise) {
    if (!holds) {
      throw failure(otherwise);
    }
    return this;
  }

  private AssertionError failure(String what) {
    return new AssertionError(
        what + "\n" + Listing.of(ledger, faults.left(), simulation.time.instant()));
  }
}
