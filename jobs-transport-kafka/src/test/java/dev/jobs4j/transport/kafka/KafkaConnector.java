package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.tck.BackendConnector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Connects an engine, here or in a worker JVM, to a broker. */
public final class KafkaConnector implements BackendConnector {

  /** Quick to notice a dead member; Kafka's own 45 s are for real networks. */
  private static final String SESSION_MS = "6000";

  /** The group that works a set of queues. */
  static String group(Set<JobQueue> queues) {
    return "g-" + queues.iterator().next().name();
  }

  @Override
  public void connect(JobsBuilder builder, Set<JobQueue> queues, List<String> arguments) {
    builder.transport(
        KafkaJobTransport.of(
            KafkaTransportOptions.builder(arguments.get(0), group(queues), InstantSource.system())
                .queues(queues.stream().map(JobQueue::name).toArray(String[]::new))
                .partitions(Integer.parseInt(arguments.get(1)))
                .retryTiers(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1))
                .clientProperty("session.timeout.ms", SESSION_MS)
                .clientProperty("heartbeat.interval.ms", "300")
                .build()));
  }
}
