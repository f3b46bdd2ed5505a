package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.transport.kafka.RecordPublisher.Sent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns outcomes into completed offsets. A retry and a dead letter are acknowledged in their topic
 * first; a crash in between gives a duplicate, never a loss. Thread-safe.
 */
final class HandOffs {
  private static final Logger log = LoggerFactory.getLogger(HandOffs.class);

  /** How long a partition rests when a record that must leave it could not be written. */
  private static final Duration REST = Duration.ofSeconds(1);

  private record Pending(KafkaLease lease, Sent sent) {}

  private final Assignment assignment;
  private final RecordPublisher publisher;
  private final RecordCodec codec;
  private final DeadLetters deadLetters;
  private final KafkaTopics cluster;
  private final InstantSource clock;

  HandOffs(
      Assignment assignment,
      RecordPublisher publisher,
      RecordCodec codec,
      DeadLetters deadLetters,
      KafkaTopics cluster,
      InstantSource clock) {
    this.assignment = assignment;
    this.publisher = publisher;
    this.codec = codec;
    this.deadLetters = deadLetters;
    this.cluster = cluster;
    this.clock = clock;
  }

  /** See {@link dev.jobs4j.spi.JobSource#settle}; a repeat of what was settled is no loss. */
  Set<Lease> settle(List<Settlement> settlements) {
    Set<Lease> lost = new HashSet<>();
    List<Pending> pending = new ArrayList<>();
    StoreException failed = null;
    for (Settlement settlement : settlements) {
      KafkaLease lease = (KafkaLease) settlement.lease();
      Assignment.Claim claim = assignment.claim(lease);
      switch (claim.standing()) {
        case LOST -> lost.add(lease);
        case SETTLED -> log.debug("Settled before: lease={}", lease);
        case BUSY -> failed = busy(lease);
        case TAKEN -> {
          if (isSimple(settlement.outcome())) {
            if (!applied(lease, settlement.outcome())) {
              lost.add(lease);
            }
          } else if (isRefused(pending)) {
            assignment.abandon(lease); // each further one would wait as long for the broker
          } else {
            pending.add(handOff(lease, claim.delivery(), settlement.outcome()));
          }
        }
      }
    }
    for (Pending one : pending) {
      Throwable failure = RecordPublisher.failure(one.sent().ack());
      if (failure != null) {
        assignment.abandon(one.lease());
        failed =
            RecordPublisher.failed("Handing " + one.lease() + " on", failure, one.sent().refused());
      } else if (!assignment.complete(one.lease())) {
        lost.add(one.lease());
      }
    }
    if (failed != null) {
      throw failed;
    }
    return lost;
  }

  private static boolean isRefused(List<Pending> pending) {
    return !pending.isEmpty() && pending.get(pending.size() - 1).sent().refused();
  }

  private static StoreException busy(KafkaLease lease) {
    return new StoreException(
        lease + " is being settled by another thread",
        StoreException.Certainty.NOT_DONE,
        new IllegalStateException("settle was called twice at once for one lease"));
  }

  private static boolean isSimple(Outcome outcome) {
    return outcome instanceof Outcome.Succeeded
        || outcome instanceof Outcome.Cancelled
        || outcome instanceof Outcome.Released;
  }

  private boolean applied(KafkaLease lease, Outcome outcome) {
    return outcome instanceof Outcome.Released
        ? assignment.giveBack(lease, null)
        : assignment.complete(lease);
  }

  /** Starts the copy on its way; whatever goes wrong is found in the answer. */
  private Pending handOff(KafkaLease lease, @Nullable Delivery delivery, Outcome outcome) {
    try {
      Delivery held = Objects.requireNonNull(delivery, "a claimed lease has its delivery");
      return new Pending(lease, publisher.send(copy(held.record(), outcome)));
    } catch (RuntimeException e) {
      return new Pending(lease, new Sent(CompletableFuture.failedFuture(e), false));
    }
  }

  private ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> record, Outcome outcome) {
    Reading job = codec.decode(record, cluster.ready());
    Instant now = clock.instant();
    if (outcome instanceof Outcome.Dead dead) {
      return dead(record, job, dead.reason(), dead.failure(), now);
    }
    if (outcome instanceof Outcome.Snoozed snoozed) {
      Instant due = RecordCodec.plus(now, snoozed.delay());
      return codec.later(record, job, job.attempt(), due, now);
    }
    Outcome.Retry retry = (Outcome.Retry) outcome;
    if (job.maxAttempts() != null && job.attempt() >= job.maxAttempts()) {
      return dead(record, job, DeadReason.EXHAUSTED, retry.failure(), now);
    }
    Instant due = RecordCodec.plus(now, retry.delay());
    ProducerRecord<byte[], byte[]> copy = codec.later(record, job, job.attempt() + 1, due, now);
    DeadLetters.noteFailure(copy.headers(), retry.failure(), now);
    return copy;
  }

  private ProducerRecord<byte[], byte[]> dead(
      ConsumerRecord<byte[], byte[]> record,
      Reading job,
      DeadReason reason,
      Failure failure,
      Instant now) {
    return deadLetters.of(record, job.id().toString(), job.attempt(), reason, failure, now);
  }

  /** Moves a record that no handler can read to the dead letters; see {@link #relay}. */
  boolean bury(Delivery delivery, RuntimeException error) {
    ConsumerRecord<byte[], byte[]> r = delivery.record();
    String id =
        RecordCodec.originId(
                cluster.ready(), r.topic(), r.partition(), r.offset(), deadLetters.groupId())
            .toString();
    log.warn("Cannot be read, becomes a dead letter: record={}", delivery.lease(), error);
    return relay(
        delivery, deadLetters.of(r, id, 1, DeadReason.DECODE, Failure.of(error), clock.instant()));
  }

  /** Moves a record that is not due yet to where it can wait; see {@link #relay}. */
  boolean postpone(Delivery delivery, Reading job, Instant due) {
    ConsumerRecord<byte[], byte[]> r = delivery.record();
    return relay(delivery, codec.later(r, job, job.attempt(), due, clock.instant()));
  }

  /**
   * Sends a copy without waiting. The offset completes with the acknowledgement; without one the
   * record is taken up again.
   *
   * @return false if the broker took nothing; the next one would only wait for it as long
   */
  private boolean relay(Delivery delivery, ProducerRecord<byte[], byte[]> copy) {
    assignment.relay(delivery.lease());
    return !publisher.send(copy, error -> relayed(delivery.lease(), copy.topic(), error)).refused();
  }

  private void relayed(KafkaLease lease, String topic, @Nullable Exception error) {
    if (error == null) {
      assignment.complete(lease);
    } else {
      log.error(
          "Could not be moved, its partition rests for {}: record={}, to={}",
          REST,
          lease,
          topic,
          error);
      assignment.giveBack(lease, clock.instant().plus(REST));
    }
  }
}
