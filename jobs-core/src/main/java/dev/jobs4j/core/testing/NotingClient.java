package dev.jobs4j.core.testing;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetters;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Explanation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The engine's own client, with a note of each payload in the ledger. */
final class NotingClient implements JobClient {

  private final Supplier<@Nullable JobClient> client;
  private final Ledger ledger;

  /** {@code client} answers null until the engine is made. */
  NotingClient(Supplier<@Nullable JobClient> client, Ledger ledger) {
    this.client = client;
    this.ledger = ledger;
  }

  @Override
  public List<Enqueued> enqueueAll(List<? extends JobRequest<?>> requests) {
    return noted(client().enqueueAll(requests), requests);
  }

  @Override
  public List<Enqueued> submit(Workflow workflow) {
    List<Enqueued> answers = client().submit(workflow);
    return noted(answers, workflow.steps().stream().map(Workflow.Step::request).toList());
  }

  private List<Enqueued> noted(List<Enqueued> answers, List<? extends JobRequest<?>> requests) {
    for (int i = 0; i < answers.size(); i++) {
      ledger.enqueued(answers.get(i), requests.get(i).payload());
    }
    return answers;
  }

  @Override
  public JobClient in(JobTransaction transaction) {
    JobClient joined = client().in(transaction);
    return new NotingClient(() -> joined, ledger);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return client().find(id);
  }

  @Override
  public Optional<Explanation> explain(JobId id) {
    return client().explain(id);
  }

  @Override
  public <R> Optional<R> result(JobId id, Class<R> type) {
    return client().result(id, type);
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return client().progress(id);
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    return client().log(id, after, limit);
  }

  @Override
  public Cancellation cancel(JobId id) {
    Cancellation answer = client().cancel(id);
    ledger.note(id);
    return answer;
  }

  @Override
  public boolean requeue(JobId id) {
    return client().requeue(id);
  }

  @Override
  public JobId rerun(JobId id) {
    JobId again = client().rerun(id);
    ledger.rerun(id, again);
    return again;
  }

  @Override
  public DeadLetters deadLetters() {
    return client().deadLetters();
  }

  private JobClient client() {
    JobClient made = client.get();
    if (made == null) {
      throw new JobException("This client can be used once JobsTester.with(..) has returned");
    }
    return made;
  }
}
