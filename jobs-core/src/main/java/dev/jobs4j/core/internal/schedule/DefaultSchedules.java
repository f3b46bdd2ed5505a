package dev.jobs4j.core.internal.schedule;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.schedule.FixedDelay;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.api.schedule.ScheduleStatus;
import dev.jobs4j.api.schedule.Schedules;
import dev.jobs4j.core.internal.client.DefaultJobClient;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The recurring jobs of all stores of an application. */
public final class DefaultSchedules implements Schedules {

  /** Every firing has an id of its own. */
  private static final JobId NO_ID = new JobId(new UUID(0, 0));

  private static final int LONGEST_LIST = 10_000;

  private final List<ScheduleStore> stores;
  private final Function<JobQueue, Optional<ScheduleStore>> ofQueue;
  private final DefaultJobClient client;
  private final FiringJobs jobs;

  /**
   * Those of these stores.
   *
   * @param stores every store that keeps recurring jobs
   * @param ofQueue the one of them that a queue lives in
   * @param client checks and encodes what is to be enqueued
   */
  public DefaultSchedules(
      List<ScheduleStore> stores,
      Function<JobQueue, Optional<ScheduleStore>> ofQueue,
      DefaultJobClient client,
      FiringJobs jobs) {
    this.stores = stores;
    this.ofQueue = ofQueue;
    this.client = client;
    this.jobs = jobs;
  }

  @Override
  public void save(RecurringJob<?> job) {
    save(job, false);
  }

  /** Saves what the application declares at its start. */
  public void declare(RecurringJob<?> job) {
    save(job, true);
  }

  private void save(RecurringJob<?> job, boolean inCode) {
    NewJob template = template(job);
    ScheduleStore store =
        ofQueue
            .apply(template.queue())
            .orElseThrow(
                () ->
                    new InvalidJobException(
                        "Recurring job \""
                            + job.name()
                            + "\" is for queue "
                            + template.queue()
                            + ", whose backend keeps no recurring jobs; put it into a queue that"
                            + " lives in a store which does"));
    store.save(
        new ScheduleDefinition(
            job.name(),
            job.schedule().spec(),
            job.schedule().zone().getId(),
            job.misfire().spec(),
            job.overlap().name(),
            job.jitter(),
            job.description().orElse(null),
            inCode,
            template),
        job.schedule()::next);
    stores.stream().filter(other -> other != store).forEach(other -> other.delete(job.name()));
  }

  private NewJob template(RecurringJob<?> job) {
    JobRequest<?> request = job.request();
    try {
      if (request.durability() != Durability.DEFAULT) {
        throw new InvalidJobException(
            "durability must be DEFAULT: an engine enqueues it, in one transaction with others");
      }
      return client.draft(request.id(FiringJobs.template(job.name()))).toBuilder()
          .id(NO_ID)
          .mayExist(false)
          .build();
    } catch (InvalidJobException e) {
      throw new InvalidJobException("Recurring job \"" + job.name() + "\": " + e.getMessage(), e);
    }
  }

  /** The names of those that an application declared once, in the order of names. */
  public List<String> declared() {
    List<String> names = new ArrayList<>();
    String after = null;
    while (true) {
      List<ScheduleStatus> page = list(after, LONGEST_LIST);
      page.stream().filter(ScheduleStatus::inCode).forEach(one -> names.add(one.name()));
      if (page.size() < LONGEST_LIST) {
        return names;
      }
      after = page.get(page.size() - 1).name();
    }
  }

  @Override
  public Optional<ScheduleStatus> find(String name) {
    return stored(name).map(DefaultSchedules::status);
  }

  @Override
  public List<ScheduleStatus> list(@Nullable String after, int limit) {
    if (limit < 1 || limit > LONGEST_LIST) {
      throw new InvalidJobException("limit must be 1 to " + LONGEST_LIST + ", was " + limit);
    }
    return stores.stream()
        .flatMap(store -> store.list(after, limit).stream())
        .sorted(Comparator.comparing(StoredSchedule::name))
        .limit(limit)
        .map(DefaultSchedules::status)
        .toList();
  }

  @Override
  public List<Instant> preview(String name, int n) {
    StoredSchedule stored = known(name);
    Schedule schedule = Plan.of(stored.definition()).schedule();
    SchedulePause pause = stored.isPaused() ? stored.pause() : null;
    Instant next = stored.position().nextFiring();
    boolean delay = schedule instanceof FixedDelay;
    if ((pause != null && pause.end() == null) || (next == null && !delay)) {
      return schedule.preview(Instant.MAX, n);
    }
    Instant from = pause == null ? stored.asOf() : pause.until().orElseThrow();
    if (delay && pause != null) {
      next = next == null || next.isBefore(from) ? from : next;
    }
    if (next == null || next.isBefore(from)) {
      return schedule.preview(from.minusNanos(1), n);
    }
    List<Instant> firings = new ArrayList<>(n);
    firings.add(next);
    firings.addAll(schedule.preview(next, n));
    return List.copyOf(firings.subList(0, Math.min(n, firings.size())));
  }

  @Override
  public void pause(String name, SchedulePause pause) {
    if (stores.stream().noneMatch(store -> store.pause(name, pause))) {
      throw unknown(name);
    }
  }

  @Override
  public boolean resume(String name) {
    known(name);
    return stores.stream().anyMatch(store -> store.resume(name));
  }

  @Override
  public Enqueued runNow(String name) {
    ScheduleDefinition definition = known(name).definition();
    return client.enqueueDraft(id -> jobs.now(definition, Plan.of(definition).overlap(), id));
  }

  @Override
  public boolean delete(String name) {
    return stores.stream().filter(store -> store.delete(name)).count() > 0;
  }

  private Optional<StoredSchedule> stored(String name) {
    return stores.stream().flatMap(store -> store.find(name).stream()).findFirst();
  }

  private StoredSchedule known(String name) {
    return stored(name).orElseThrow(() -> unknown(name));
  }

  private static InvalidJobException unknown(String name) {
    return new InvalidJobException("There is no recurring job \"" + name + "\"");
  }

  private static ScheduleStatus status(StoredSchedule stored) {
    ScheduleDefinition definition = stored.definition();
    StoredSchedule.LastRun run = stored.lastRun();
    return new ScheduleStatus(
        definition.name(),
        definition.spec(),
        definition.zone(),
        definition.job().type(),
        definition.job().queue(),
        definition.misfire(),
        definition.overlap(),
        definition.jitter(),
        definition.description(),
        definition.inCode(),
        stored.position().nextFiring(),
        stored.position().lastFiring(),
        run == null ? null : run.id(),
        stored.isPaused() ? stored.pause() : null);
  }
}
