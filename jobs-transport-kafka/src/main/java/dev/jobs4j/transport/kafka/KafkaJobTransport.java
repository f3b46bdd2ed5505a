package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.SourceListener;
import dev.jobs4j.spi.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Jobs in topics of Apache Kafka, run straight from there. A queue is the topic of its name, worked
 * by one consumer group; each source is a member of it. Within a partition jobs run side by side
 * and end in any order; the group's offset stands before the oldest that has not ended.
 *
 * <p>Success completes a record. A retry goes to a topic {@code <queue>.<group>.retry.<delay>}, a
 * dead letter, also of a record that is no job, to {@code <queue>.<group>.dlq}; each is
 * acknowledged by all in-sync replicas before its record completes. A job starts no sooner than it
 * is due, by the clock of the node that runs it, and up to one tier's delay later.
 *
 * <p>It declares {@link Capability#DELAY} alone. Without a store there are no unique keys,
 * priorities, waiting jobs, records or cancellation, and no fencing token: a crash between a
 * hand-off and its commit leaves two copies of a job whose claims nothing orders. Thread-safe.
 */
public final class KafkaJobTransport implements JobTransport {

  /** What it can do. */
  public static final Set<Capability> CAPABILITIES = Set.of(Capability.DELAY);

  private final KafkaTransportOptions options;
  private final TopicPlan topics;
  private final KafkaTopics cluster;
  private final RecordCodec codec;
  private final RecordPublisher publisher;

  private KafkaJobTransport(KafkaTransportOptions options) {
    this.options = options;
    this.topics = new TopicPlan(options.groupId(), options.queues(), options.retryTiers());
    this.cluster = new KafkaTopics(options, topics);
    this.codec = new RecordCodec(topics, options.groupId());
    this.publisher =
        new RecordPublisher(() -> new KafkaProducer<>(ClientProperties.producer(options)));
  }

  /** A transport of these options; the cluster is asked for nothing before it is needed. */
  public static KafkaJobTransport of(KafkaTransportOptions options) {
    return new KafkaJobTransport(options);
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Set<JobQueue> queues() {
    return options.queues();
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidJobException if a job asks for what is not declared, or its queue is not one of
   *     {@link #queues()}; nothing was published
   */
  @Override
  public void publish(List<NewJob> jobs) {
    Instant now = options.clock().instant();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (NewJob job : jobs) {
      requireOurs(job.queue());
      records.add(codec.encode(job, now));
    }
    cluster.ready();
    List<RecordPublisher.Sent> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      sent.add(publisher.send(record));
    }
    publisher.await(sent, "Publishing " + jobs.size() + " jobs");
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidJobException if a queue is not one of {@link #queues()}
   */
  @Override
  public JobSource open(Set<JobQueue> queues, SourceListener listener) {
    queues.forEach(this::requireOurs);
    return new KafkaJobSource(options, queues, listener, topics, cluster, publisher);
  }

  private void requireOurs(JobQueue queue) {
    if (!options.queues().contains(queue)) {
      throw new InvalidJobException(
          "Queue " + queue + " is not among the transport's queues " + options.queues());
    }
  }

  /**
   * Closes the producer; what it has not sent within 5 seconds fails with {@link StoreException}
   * where it is waited for.
   */
  @Override
  public void close() {
    publisher.close();
  }
}
