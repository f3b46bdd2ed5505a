package dev.jobs4j.core.http;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLogger;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.ParentResult;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** An attempt that no engine runs; a test asks it to end. */
class TestAttempt implements JobContext {

  private final JobId id = new JobId(UUID.randomUUID());
  private final String tenant;
  volatile boolean cancelled;

  TestAttempt(String tenant) {
    this.tenant = tenant;
  }

  TestAttempt() {
    this(null);
  }

  @Override
  public JobId jobId() {
    return id;
  }

  @Override
  public String type() {
    return "http_callback";
  }

  @Override
  public JobQueue queue() {
    return JobQueue.DEFAULT;
  }

  @Override
  public int attempt() {
    return 3;
  }

  @Override
  public OptionalLong fencingToken() {
    return OptionalLong.empty();
  }

  @Override
  public Optional<String> tenant() {
    return Optional.ofNullable(tenant);
  }

  @Override
  public Set<String> tags() {
    return Set.of();
  }

  @Override
  public Optional<String> origin() {
    return Optional.empty();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public boolean isLeaseLost() {
    return false;
  }

  @Override
  public void progress(long done, long total, String message) {}

  @Override
  public JobLogger log() {
    throw new UnsupportedOperationException("no log");
  }

  @Override
  public <T> Optional<T> result(String step, Class<T> type) {
    return Optional.empty();
  }

  @Override
  public <T> Optional<T> result(JobId job, Class<T> type) {
    return Optional.empty();
  }

  @Override
  public <T> Stream<ParentResult<T>> results(Class<T> type) {
    return Stream.empty();
  }

  @Override
  public <T> T step(String name, Class<T> type, Callable<T> work) throws Exception {
    return work.call();
  }

  @Override
  public void step(String name, StepWork work) throws Exception {
    work.run();
  }

  @Override
  public Optional<Instant> firing() {
    return Optional.empty();
  }
}
