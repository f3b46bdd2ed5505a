package dev.jobs4j.transport.amqp;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.SourceListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs jobs straight from the queues of a RabbitMQ or another AMQP 0-9-1 broker. A job is
 * acknowledged after it succeeded, or after the broker has confirmed its next attempt or its dead
 * letter; a lost connection makes it run again. Connects when it is first used, and again by itself
 * after a loss. Thread-safe.
 *
 * <p>A handler must end well within RabbitMQ's consumer timeout (30 minutes unless set), or its job
 * is given out a second time. An acknowledgement has no answer: one that was on its way when the
 * connection broke is lost, and its job runs again.
 */
public final class AmqpJobTransport implements JobTransport {

  /** What it can do. */
  public static final Set<Capability> CAPABILITIES = Set.of(Capability.DELAY);

  private final AmqpTransportOptions options;
  private final AmqpTopology topology;
  private final MessageCodec codec;
  private final ConfirmedPublisher publisher;

  private AmqpJobTransport(AmqpTransportOptions options) {
    this.options = options;
    this.topology = new AmqpTopology(options);
    this.codec = new MessageCodec(topology);
    this.publisher = new ConfirmedPublisher(options, topology);
  }

  /** A transport that has not connected yet. */
  public static AmqpJobTransport of(AmqpTransportOptions options) {
    return new AmqpJobTransport(options);
  }

  /** DELAY, by queues in which messages wait; nothing else that a broker queue could promise. */
  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Set<JobQueue> queues() {
    return options.queues();
  }

  @Override
  public void publish(List<NewJob> jobs) {
    Instant now = options.clock().instant();
    List<Outgoing> messages = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      check(job);
      messages.add(codec.encode(job, now));
    }
    Receipt.failure(publisher.send(messages))
        .ifPresent(
            failure -> {
              throw failure;
            });
  }

  /** Asking for what is not declared fails: nothing is silently ignored. */
  private void check(NewJob job) {
    if (!queues().contains(job.queue())) {
      throw new InvalidJobException(
          "Job " + job.id() + ": queue " + job.queue() + " is not among " + queues());
    }
    if (job.uniqueKey() != null || !job.after().isEmpty() || job.priority() != Priority.NORMAL) {
      throw new InvalidJobException(
          "Job "
              + job.id()
              + ": unique keys, waiting for other jobs and priorities need a queue in a store");
    }
  }

  @Override
  public JobSource open(Set<JobQueue> queues, SourceListener listener) {
    if (!queues().containsAll(queues)) {
      throw new InvalidJobException("Queues " + queues + " are not all among " + queues());
    }
    return new AmqpJobSource(Set.copyOf(queues), options, topology, codec, publisher, listener);
  }

  @Override
  public void close() {
    publisher.close();
  }
}
