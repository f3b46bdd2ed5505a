package dev.jobs4j.transport.kafka;

import dev.jobs4j.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * The one producer of a transport: idempotent, and a record counts as sent when all in-sync
 * replicas have it. Made at first use and again after an error that it does not recover from.
 * Thread-safe.
 */
final class RecordPublisher implements AutoCloseable {

  /** A record on its way; {@code refused} if it never left this process. */
  record Sent(Future<?> ack, boolean refused) {}

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Supplier<Producer<byte[], byte[]>> factory;
  private final AtomicInteger next = new AtomicInteger();
  private @Nullable Producer<byte[], byte[]> producer;
  private boolean closed;

  RecordPublisher(Supplier<Producer<byte[], byte[]>> factory) {
    this.factory = factory;
  }

  /** Sends a record; every failure, also an immediate one, is in the answer. */
  Sent send(ProducerRecord<byte[], byte[]> record) {
    return send(record, error -> {});
  }

  /** The same; {@code done} hears null or the error, on a thread of Kafka's or on this one. */
  Sent send(ProducerRecord<byte[], byte[]> record, Consumer<@Nullable Exception> done) {
    Producer<byte[], byte[]> p = null;
    try {
      p = producer();
      Producer<byte[], byte[]> used = p;
      Future<?> ack =
          p.send(
              spread(p, record),
              (metadata, error) -> {
                discardIfBroken(used, error);
                done.accept(error);
              });
      // What fails before it is put in a batch is answered by a future that is done at once.
      return new Sent(ack, ack.isDone() && failure(ack) != null);
    } catch (KafkaException | IllegalStateException e) {
      if (p != null) {
        discardIfBroken(p, e);
      }
      done.accept(e);
      return new Sent(CompletableFuture.failedFuture(e), true);
    }
  }

  /**
   * Waits until all are acknowledged.
   *
   * @throws StoreException if one is not; NOT_DONE only if none of them left this process
   */
  void await(List<Sent> sent, String what) {
    Throwable first = null;
    boolean nothingLeft = true;
    for (Sent one : sent) {
      Throwable failure = failure(one.ack());
      nothingLeft &= one.refused();
      if (first == null) {
        first = failure;
      }
    }
    if (first != null) {
      throw failed(what, first, nothingLeft);
    }
  }

  static StoreException failed(String what, Throwable cause, boolean nothingLeft) {
    String mend =
        cause instanceof RecordTooLargeException
            ? "; raise max.request.size of the client and max.message.bytes of the topic"
            : "";
    return new StoreException(
        what + " failed: " + cause.getMessage() + mend,
        nothingLeft ? StoreException.Certainty.NOT_DONE : StoreException.Certainty.UNKNOWN,
        cause);
  }

  /** Waits for an answer: null if it is good. Kafka bounds the wait by delivery.timeout.ms. */
  static @Nullable Throwable failure(Future<?> ack) {
    try {
      ack.get();
      return null;
    } catch (ExecutionException e) {
      return Objects.requireNonNullElse(e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }

  /**
   * Records without a key go to the partitions in turn. Kafka's own choice fills a batch for one
   * partition first, and jobs enqueued together would all wait for one engine.
   */
  private ProducerRecord<byte[], byte[]> spread(
      Producer<byte[], byte[]> p, ProducerRecord<byte[], byte[]> record) {
    if (record.key() != null) {
      return record;
    }
    List<Integer> reachable =
        p.partitionsFor(record.topic()).stream()
            .filter(info -> info.leader() != null)
            .map(PartitionInfo::partition)
            .toList();
    if (reachable.isEmpty()) {
      return record;
    }
    int partition = reachable.get((next.getAndIncrement() & Integer.MAX_VALUE) % reachable.size());
    return new ProducerRecord<>(
        record.topic(), partition, null, null, record.value(), record.headers());
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (closed) {
      throw new IllegalStateException("The Kafka transport is closed");
    }
    if (producer == null) {
      producer = factory.get();
    }
    return producer;
  }

  private void discardIfBroken(Producer<byte[], byte[]> used, @Nullable Exception error) {
    boolean broken =
        error instanceof AuthorizationException
            || error instanceof InvalidProducerEpochException
            || error instanceof OutOfOrderSequenceException
            || error instanceof ProducerFencedException
            || error instanceof UnsupportedVersionException;
    if (broken) {
      synchronized (this) {
        if (producer != used) {
          return;
        }
        producer = null;
      }
      used.close(Duration.ZERO);
    }
  }

  @Override
  public void close() {
    Producer<byte[], byte[]> p;
    synchronized (this) {
      closed = true;
      p = producer;
      producer = null;
    }
    if (p != null) {
      try {
        p.close(CLOSE_LIMIT);
      } catch (InterruptException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
