package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetters;
import dev.jobs4j.api.Durability;
import dev.jobs4j.api.EnqueueOutcomeUnknownException;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.Workflow;
import dev.jobs4j.api.Workflow.Step;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Overrides;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stop 1: checks a request, encodes its payload, names the job and routes it by queue. */
public final class DefaultJobClient implements JobClient, FollowUps {

  private static final Logger log = LoggerFactory.getLogger(DefaultJobClient.class);
  private static final int TRIES = 3;

  private final Function<JobQueue, Backend> backends;
  private final List<JobRecords> records;
  private final Function<String, Optional<Handler>> handlers;
  private final Payloads payloads;
  private final JobIds ids;
  private final Listeners listeners;
  private final Consumer<JobQueue> wake;
  private final @Nullable JobTransaction transaction;

  /**
   * A client outside of any transaction.
   *
   * @param backends where the jobs of a queue go
   * @param records the stores to ask about single jobs
   * @param handlers the handler that is here for a type
   * @param wake tells the engine in this process that a queue has something to do
   */
  public DefaultJobClient(
      Function<JobQueue, Backend> backends,
      List<JobRecords> records,
      Function<String, Optional<Handler>> handlers,
      Payloads payloads,
      JobIds ids,
      Listeners listeners,
      Consumer<JobQueue> wake) {
    this(backends, records, handlers, payloads, ids, listeners, wake, null);
  }

  private DefaultJobClient(
      Function<JobQueue, Backend> backends,
      List<JobRecords> records,
      Function<String, Optional<Handler>> handlers,
      Payloads payloads,
      JobIds ids,
      Listeners listeners,
      Consumer<JobQueue> wake,
      @Nullable JobTransaction transaction) {
    this.backends = backends;
    this.records = records;
    this.handlers = handlers;
    this.payloads = payloads;
    this.ids = ids;
    this.listeners = listeners;
    this.wake = wake;
    this.transaction = transaction;
  }

  @Override
  public JobClient in(JobTransaction joined) {
    return new DefaultJobClient(
        backends, records, handlers, payloads, ids, listeners, wake, joined);
  }

  @Override
  public List<Enqueued> enqueueAll(List<? extends JobRequest<?>> requests) {
    List<NewJob> jobs = new ArrayList<>(requests.size());
    for (JobRequest<?> request : requests) {
      jobs.add(job(request));
    }
    return enqueueAll(jobs, strongest(requests));
  }

  @Override
  public List<Enqueued> submit(Workflow workflow) {
    List<NewJob> jobs = new ArrayList<>();
    Map<JobId, String> names = new HashMap<>();
    Map<JobId, Integer> places = new HashMap<>();
    JobId first = ids.next(Math.max(1, workflow.steps().size()));
    for (Workflow.Step step : workflow.steps()) {
      JobRequest<?> request = step.request();
      NewJob job = job(request, request.id().orElse(JobIds.nth(first, step.index())));
      step.name().ifPresent(name -> names.put(job.id(), name));
      places.put(job.id(), step.index());
      NewJob waiting =
          job.toBuilder()
              .after(ids(job.after(), step.after(), jobs))
              .afterEnd(ids(job.afterEnd(), step.afterEnd(), jobs))
              .build();
      jobs.add(Parents.carriedBy(waiting, names, places));
    }
    return enqueueAll(jobs, strongest(workflow.steps().stream().map(Step::request).toList()));
  }

  private static List<JobId> ids(List<JobId> asked, Set<Step> steps, List<NewJob> jobs) {
    Set<JobId> ids = new LinkedHashSet<>(asked);
    steps.forEach(step -> ids.add(jobs.get(step.index()).id()));
    return List.copyOf(ids);
  }

  @Override
  public List<NewJob> of(LeasedJob done, List<JobRequest<?>> requests) {
    Backend source = backends.apply(done.queue());
    boolean storesThem = source.capabilities().contains(Capability.FOLLOW_UP);
    List<NewJob> withSuccess = new ArrayList<>();
    List<JobRequest<?>> elsewhere = new ArrayList<>();
    for (JobRequest<?> request : requests) {
      if (storesThem && backends.apply(queue(request)) == source) {
        NewJob job = job(request);
        Requirements.check(job, request.durability(), source, false);
        withSuccess.add(job);
      } else {
        elsewhere.add(request);
      }
    }
    elsewhere.forEach(this::enqueue);
    return withSuccess;
  }

  private List<Enqueued> enqueueAll(List<NewJob> jobs, Durability durability) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    Backend backend = backends.apply(jobs.get(0).queue());
    for (NewJob job : jobs) {
      if (backends.apply(job.queue()) != backend) {
        throw new InvalidJobException(
            "Queues "
                + jobs.get(0).queue()
                + " and "
                + job.queue()
                + " live in different backends, enqueue their jobs in calls of their own: all or"
                + " none can only be had in one");
      }
      Requirements.check(job, durability, backend, transaction != null);
    }
    return insert(backend, jobs, durability);
  }

  /**
   * What an enqueue of this request outside of any transaction would store, checked as it would be.
   *
   * @throws InvalidJobException as {@link #enqueue(JobRequest)}
   */
  public NewJob draft(JobRequest<?> request) {
    NewJob job = job(request);
    Backend backend = backends.apply(job.queue());
    Requirements.check(job, request.durability(), backend, false);
    return job;
  }

  /** Stores what is made of a draft under a new id; errors are those of an enqueue. */
  public Enqueued enqueueDraft(Function<JobId, NewJob> made) {
    NewJob job = made.apply(ids.next());
    return insert(backends.apply(job.queue()), List.of(job), Durability.DEFAULT).get(0);
  }

  private static Durability strongest(List<? extends JobRequest<?>> requests) {
    return requests.stream()
        .map(JobRequest::durability)
        .max(Comparator.naturalOrder())
        .orElse(Durability.DEFAULT);
  }

  private NewJob job(JobRequest<?> request) {
    return Parents.carriedBy(job(request, request.id().orElseGet(ids::next)), Map.of(), Map.of());
  }

  private NewJob job(JobRequest<?> request, JobId id) {
    handlers
        .apply(request.type().name())
        .ifPresent(handler -> Requirements.checkVersion(request.type(), handler));
    return NewJob.builder(
            id,
            request.type().name(),
            queue(request),
            payloads.write(request.type(), request.payload(), id, request.tenant().orElse(null)))
        .mayExist(request.id().isPresent())
        .typeVersion(request.type().version())
        .priority(request.priority())
        .due(request.due())
        .expires(request.expires().orElse(null))
        .maxAttempts(request.maxAttempts().isPresent() ? request.maxAttempts().getAsInt() : null)
        .uniqueKey(request.uniqueKey().map(payloads::blind).orElse(null))
        .tenant(request.tenant().orElse(null))
        .tags(request.tags())
        .limits(request.limits())
        .after(request.after())
        .afterEnd(request.afterEnd())
        .fifo(request.fifo().orElse(null))
        .headers(Overrides.headers(request))
        .build();
  }

  private JobQueue queue(JobRequest<?> request) {
    return request
        .queue()
        .or(() -> request.type().queue())
        .or(() -> handlers.apply(request.type().name()).map(found -> found.options().queue()))
        .orElse(JobQueue.DEFAULT);
  }

  private List<Enqueued> insert(Backend backend, List<NewJob> jobs, Durability durability) {
    JobTransaction joined = transaction;
    List<Enqueued> enqueued =
        joined == null ? insertSurely(backend, jobs, durability) : backend.insert(jobs, joined);
    for (int i = 0; i < jobs.size(); i++) {
      NewJob job = jobs.get(i);
      if (enqueued.get(i) instanceof Enqueued.Created) {
        listeners.publish(
            new JobEvent.Enqueued(new JobEvent.JobRef(job.id(), job.type(), job.queue(), 0)));
      }
    }
    Runnable hint = () -> jobs.stream().map(NewJob::queue).distinct().forEach(wake);
    if (joined == null) {
      hint.run();
    } else {
      joined.afterCommit(hint);
    }
    return enqueued;
  }

  /**
   * Repeats an insert whose outcome is unknown under the same ids, if the backend recognises them;
   * a broker would keep each repeat as one more message, so there the caller decides.
   */
  private static List<Enqueued> insertSurely(
      Backend backend, List<NewJob> jobs, Durability durability) {
    int most = backend.capabilities().contains(Capability.UNIQUE_KEY) ? TRIES : 1;
    List<NewJob> sent = jobs;
    for (int tries = 1; ; tries++) {
      try {
        List<Enqueued> answers = backend.insert(sent, durability);
        return tries == 1 ? answers : ours(jobs, answers);
      } catch (StoreException e) {
        if (tries == 1 && e.outcome() != StoreException.Certainty.UNKNOWN) {
          throw e;
        }
        if (tries == most) {
          throw new EnqueueOutcomeUnknownException(jobs.stream().map(NewJob::id).toList(), e);
        }
        sent = jobs.stream().map(job -> job.toBuilder().mayExist(true).build()).toList();
      }
    }
  }

  /** A job that a repeat finds under an id made here was stored by the first try. */
  private static List<Enqueued> ours(List<NewJob> jobs, List<Enqueued> enqueued) {
    List<Enqueued> answers = new ArrayList<>(enqueued);
    for (int i = 0; i < jobs.size(); i++) {
      if (!jobs.get(i).mayExist() && enqueued.get(i).id().equals(jobs.get(i).id())) {
        answers.set(i, new Enqueued.Created(jobs.get(i).id()));
      }
    }
    return answers;
  }

  @Override
  public Optional<Job> find(JobId id) {
    return first(store -> store.find(id));
  }

  @Override
  public Optional<Explanation> explain(JobId id) {
    return first(store -> Obstacles.explain(store, id));
  }

  @Override
  public <R> Optional<R> result(JobId id, Class<R> type) {
    return first(store -> result(store, id, type));
  }

  private <R> Optional<R> result(JobRecords store, JobId id, Class<R> type) {
    Optional<Job> job = store.find(id);
    Optional<Payload> stored = job.flatMap(found -> store.result(id));
    return stored.map(payload -> type.cast(payloads.readResult(job.orElseThrow(), payload, type)));
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return first(store -> store.progress(id));
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    if (after < 0 || limit < 1) {
      throw new InvalidJobException(
          "after must be >= 0 and limit >= 1, were " + after + " and " + limit);
    }
    return first(
            store ->
                Optional.of(store.log(id, after, limit))
                    .filter(page -> !page.equals(LogPage.EMPTY)))
        .orElse(LogPage.EMPTY);
  }

  @Override
  public Cancellation cancel(JobId id) {
    return first(store -> cancel(store, id)).orElse(Cancellation.UNKNOWN);
  }

  private Optional<Cancellation> cancel(JobRecords store, JobId id) {
    Cancellation answer = store.cancel(id);
    if (answer == Cancellation.CANCELLED) {
      tellCancelled(store, id);
    }
    return answer == Cancellation.UNKNOWN ? Optional.empty() : Optional.of(answer);
  }

  /** Asks one store after the other; one that fails matters only if no other has an answer. */
  private <T> Optional<T> first(Function<JobRecords, Optional<T>> question) {
    StoreException failed = null;
    for (JobRecords store : records) {
      try {
        Optional<T> answer = question.apply(store);
        if (answer.isPresent()) {
          return answer;
        }
      } catch (StoreException e) {
        failed = failed == null ? e : failed;
      }
    }
    if (failed != null) {
      throw failed;
    }
    return Optional.empty();
  }

  /** What cannot be told is cancelled all the same. */
  private void tellCancelled(JobRecords store, JobId id) {
    try {
      store
          .find(id)
          .map(job -> new JobEvent.JobRef(job.id(), job.type(), job.queue(), job.attempt()))
          .ifPresent(job -> listeners.publish(new JobEvent.Cancelled(job)));
    } catch (StoreException e) {
      log.warn("Cancelled, and no listener could be told: job={}", id, e);
    }
  }

  @Override
  public boolean requeue(JobId id) {
    Optional<Job> job = find(id);
    boolean requeued = records.stream().anyMatch(store -> store.requeue(id));
    if (requeued) {
      job.ifPresent(j -> wake.accept(j.queue()));
    }
    return requeued;
  }

  @Override
  public JobId rerun(JobId id) {
    NewJob ended =
        records.stream()
            .flatMap(store -> store.content(id).stream())
            .findFirst()
            .orElseThrow(() -> new InvalidJobException(noRerun(id)));
    JobId fresh = ids.next();
    NewJob job = ended.toBuilder().id(fresh).payload(payloads.move(ended, fresh)).build();
    Backend backend = backends.apply(job.queue());
    Requirements.check(job, Durability.DEFAULT, backend, transaction != null);
    insert(backend, List.of(job), Durability.DEFAULT);
    return fresh;
  }

  private String noRerun(JobId id) {
    return find(id)
        .map(job -> "job " + id + " has not ended and cannot be rerun, it is " + job.state())
        .orElse("job " + id + " is not known (any more) and cannot be rerun");
  }

  @Override
  public DeadLetters deadLetters() {
    return new DefaultDeadLetters(backends, records, payloads, wake);
  }
}
