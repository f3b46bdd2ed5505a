package dev.jobs4j.transport.amqp;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Connects an engine, here or in a worker JVM, to a broker. */
public final class AmqpConnector implements BackendConnector {

  /** The queues that were connected to in this JVM, to be deleted at its end. */
  static final Set<JobQueue> QUEUES = ConcurrentHashMap.newKeySet();

  private static final List<Duration> TIERS =
      List.of(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMinutes(10));

  @Override
  public void connect(JobsBuilder builder, Set<JobQueue> queues, List<String> arguments) {
    QUEUES.addAll(queues);
    builder.transport(AmqpJobTransport.of(options(queues, arguments)));
  }

  static AmqpTransportOptions options(Set<JobQueue> queues, List<String> arguments) {
    return AmqpTransportOptions.builder()
        .uri(arguments.get(0))
        .queueKind(QueueKind.valueOf(arguments.get(1)))
        .queues(queues.toArray(JobQueue[]::new))
        .retryTiers(TIERS.toArray(Duration[]::new))
        .clock(InstantSource.system())
        .build();
  }

  /** Every broker queue of a job queue. */
  static List<String> brokerQueues(JobQueue queue) {
    AmqpTopology topology =
        new AmqpTopology(options(Set.of(queue), List.of(AmqpBroker.get().uri(), "CLASSIC")));
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(queue.name(), AmqpTopology.deadLetters(queue)),
            topology.retries(queue).stream())
        .toList();
  }
}
