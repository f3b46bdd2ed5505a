package dev.jobs4j.transport.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One queue of its own on the shared broker, and what a test does with it. */
final class KafkaRig implements AutoCloseable {
  static final Duration TICK = Duration.ofMillis(100);

  final KafkaBroker broker = KafkaBroker.shared();
  final String topic = "q" + UUID.randomUUID().toString().substring(0, 8);
  final JobQueue queue = JobQueue.of(topic);
  private final List<AutoCloseable> open = new ArrayList<>();
  private KafkaTransportOptions options;
  private KafkaJobTransport transport;

  KafkaRig(int partitions) {
    this(builder(partitions));
  }

  KafkaRig(java.util.function.UnaryOperator<KafkaTransportOptions.Builder> change) {
    options =
        change
            .apply(
                KafkaTransportOptions.builder(
                        broker.bootstrapServers(), "g", InstantSource.system(), topic)
                    .retryTiers(Duration.ofMillis(300), Duration.ofMillis(1000))
                    .clientProperty("session.timeout.ms", "10000")
                    .clientProperty("heartbeat.interval.ms", "300")
                    .clientProperty("max.block.ms", "3000"))
            .build();
    transport = KafkaJobTransport.of(options);
    open.add(transport);
  }

  static java.util.function.UnaryOperator<KafkaTransportOptions.Builder> builder(int partitions) {
    return b -> b.partitions(partitions);
  }

  KafkaJobTransport transport() {
    return transport;
  }

  KafkaTransportOptions options() {
    return options;
  }

  /** A member of the group that is told nothing it must act on. */
  JobSource source() {
    return source(new Told());
  }

  JobSource source(SourceListener listener) {
    JobSource source = transport.open(Set.of(queue), listener);
    open.add(0, source);
    return source;
  }

  /** Remembers what it was told. */
  static class Told implements SourceListener {
    final List<Lease> revoked = new ArrayList<>();
    final List<Duration> drains = new ArrayList<>();

    @Override
    public synchronized void revoked(Collection<? extends Lease> leases, Duration drain) {
      revoked.addAll(leases);
      drains.add(drain);
    }

    @Override
    public void cancelRequested(Collection<? extends Lease> leases) {
      throw new AssertionError("Kafka cancels nothing");
    }
  }

  NewJob job(String text) {
    return job(text, Due.now(), null);
  }

  NewJob job(String text, Due due, Integer maxAttempts) {
    return NewJob.builder(
            new JobId(UUID.randomUUID()), "test", queue, new Payload("json", text.getBytes(UTF_8)))
        .due(due)
        .maxAttempts(maxAttempts)
        .build();
  }

  /** Publishes jobs whose payloads are 0, 1, 2 and so on. */
  List<NewJob> publish(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(Integer.toString(i)));
    }
    transport.publish(jobs);
    return jobs;
  }

  Demand demand(int slots) {
    return new Demand(Map.of(queue, slots), false);
  }

  /** Takes turns until so many jobs were given; fails after a minute. */
  List<LeasedJob> take(JobSource source, int count) throws InterruptedException {
    List<LeasedJob> jobs = new ArrayList<>();
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (jobs.size() < count) {
      assertThat(System.nanoTime()).as("only %s came", jobs).isLessThan(end);
      List<LeasedJob> got = source.turn(demand(count - jobs.size()), TICK);
      assertThat(got.size()).isLessThanOrEqualTo(count - jobs.size());
      jobs.addAll(got);
    }
    return jobs;
  }

  /** Takes turns with all sources, wanting nothing, until it holds; fails after a minute. */
  void turnUntil(BooleanSupplier holds, JobSource... sources) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(end);
      for (JobSource source : sources) {
        assertThat(source.turn(Demand.NONE, TICK)).isEmpty();
      }
    }
  }

  static void turnFor(Duration time, JobSource source) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      assertThat(source.turn(Demand.NONE, TICK)).isEmpty();
    }
  }

  static Settlement succeeded(LeasedJob job) {
    return new Settlement(job.lease(), new Outcome.Succeeded(null));
  }

  static String text(LeasedJob job) {
    return new String(job.payload().bytes(), UTF_8);
  }

  long committed(String ofTopic, int partition) {
    return broker.committed("g", ofTopic, partition);
  }

  long committed() {
    long sum = 0;
    for (int p = 0; p < options.partitions(); p++) {
      sum += committed(topic, p);
    }
    return sum;
  }

  String dlq() {
    return topic + ".g.dlq";
  }

  List<ConsumerRecord<byte[], byte[]>> records(String ofTopic) {
    return broker.records(ofTopic);
  }

  /** Sends a record as somebody would who never heard of us. */
  void sendForeign(byte[] key, byte[] value, Map<String, String> headers) {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    RecordHeaders own = new RecordHeaders();
    headers.forEach((name, text) -> own.add(name, text.getBytes(UTF_8)));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<byte[], byte[]>(topic, 0, key, value, own)).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }
}
