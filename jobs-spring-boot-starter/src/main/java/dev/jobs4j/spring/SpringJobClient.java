package dev.jobs4j.spring;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetters;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The client that an application injects: usable before the engine starts and after it stopped, and
 * by itself in the caller's transaction.
 */
final class SpringJobClient implements JobClient {

  private final CurrentJobs jobs;
  private final HandlerBeans handlers;
  private final EnqueueTransactions transactions;

  SpringJobClient(CurrentJobs jobs, HandlerBeans handlers, EnqueueTransactions transactions) {
    this.jobs = jobs;
    this.handlers = handlers;
    this.transactions = transactions;
  }

  @Override
  public List<Enqueued> enqueueAll(List<? extends JobRequest<?>> requests) {
    List<? extends JobRequest<?>> routed = requests.stream().map(handlers::routed).toList();
    return transactions.join(jobs.get(), client -> client.enqueueAll(routed));
  }

  @Override
  public List<Enqueued> submit(Workflow workflow) {
    Workflow routed = workflow.map(handlers::routed);
    return transactions.join(jobs.get(), client -> client.submit(routed));
  }

  @Override
  public JobClient in(JobTransaction transaction) {
    EnqueueTransactions given =
        new EnqueueTransactions() {
          @Override
          public <T> T join(JobClient client, Function<JobClient, T> work) {
            return work.apply(client.in(transaction));
          }
        };
    return new SpringJobClient(jobs, handlers, given);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return jobs.get().find(id);
  }

  @Override
  public Optional<Explanation> explain(JobId id) {
    return jobs.get().explain(id);
  }

  @Override
  public <R> Optional<R> result(JobId id, Class<R> type) {
    return jobs.get().result(id, type);
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return jobs.get().progress(id);
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    return jobs.get().log(id, after, limit);
  }

  @Override
  public Cancellation cancel(JobId id) {
    return jobs.get().cancel(id);
  }

  @Override
  public boolean requeue(JobId id) {
    return jobs.get().requeue(id);
  }

  @Override
  public JobId rerun(JobId id) {
    return transactions.join(jobs.get(), client -> client.rerun(id));
  }

  @Override
  public DeadLetters deadLetters() {
    return jobs.get().deadLetters();
  }
}
