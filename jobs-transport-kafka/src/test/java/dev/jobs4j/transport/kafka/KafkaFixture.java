package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.tck.BackendReport;
import dev.jobs4j.tck.EngineFixture;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The shared broker as the engine's contract sees it. Dead letters are read with a bare consumer.
 */
final class KafkaFixture implements EngineFixture {
  private final KafkaBroker broker = KafkaBroker.shared();
  private final int partitions;

  KafkaFixture(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public String backend() {
    return KafkaBroker.version();
  }

  @Override
  public String kind() {
    return BackendReport.REAL;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.DELAY);
  }

  @Override
  public BackendConnector connector() {
    return new KafkaConnector();
  }

  @Override
  public List<String> arguments() {
    return List.of(broker.bootstrapServers(), Integer.toString(partitions));
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue) {
    String topic = queue.name() + "." + KafkaConnector.group(Set.of(queue)) + ".dlq";
    return broker.records(topic).stream().map(record -> letter(queue, record)).toList();
  }

  private static DeadLetter letter(JobQueue queue, ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(
        JobId.parse(header(record, "jobs4j-id")),
        header(record, "jobs4j-type"),
        queue,
        DeadReason.valueOf(header(record, "jobs4j-reason")),
        new Failure(
            header(record, "jobs4j-error-class"), header(record, "jobs4j-error-message"), ""),
        Integer.parseInt(header(record, "jobs4j-attempt")),
        record.value(),
        header(record, "jobs4j-codec"),
        Instant.parse(header(record, "jobs4j-last-failure-at")),
        header(record, "jobs4j-original-topic")
            + "-"
            + header(record, "jobs4j-original-partition")
            + "@"
            + header(record, "jobs4j-original-offset"));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Objects.requireNonNull(JobHeaders.text(record.headers(), name), name);
  }

  @Override
  public void close() {
    // the broker ends with the JVM
  }
}
