package dev.jobs4j.core.testing;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.core.internal.client.JobIds;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notes the payloads of jobs that follow a success: they are stored with it and never pass the
 * client, so they are named here, to be known again.
 */
final class NotingFollowUps implements JobInterceptor {

  private final JobIds ids;
  private final Ledger ledger;

  NotingFollowUps(JobIds ids, Ledger ledger) {
    this.ids = ids;
    this.ledger = ledger;
  }

  @Override
  public @Nullable Object around(JobContext context, Invocation next) throws Exception {
    Object ending = next.proceed();
    return ending instanceof JobOutcome.Done done ? named(done) : ending;
  }

  private JobOutcome.Done named(JobOutcome.Done done) {
    List<JobRequest<?>> follow = done.follow().stream().<JobRequest<?>>map(this::named).toList();
    return new JobOutcome.Done(done.result(), follow);
  }

  private <P> JobRequest<P> named(JobRequest<P> request) {
    JobId id = request.id().orElseGet(ids::next);
    ledger.payload(id, request.payload());
    return request.id(id);
  }
}
