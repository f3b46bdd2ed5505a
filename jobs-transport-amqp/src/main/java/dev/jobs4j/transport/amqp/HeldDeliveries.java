package dev.jobs4j.transport.amqp;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.transport.amqp.Delivery.Ready;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engine has and has not settled. A delivery is acknowledged after its job is done or
 * after the broker has confirmed what follows it, on the channel it came in on and on no other.
 * Thread-safe; whoever takes a delivery out of the map alone may settle it.
 */
final class HeldDeliveries {

  private final MessageCodec codec;
  private final ConfirmedPublisher publisher;
  private final DeliveryBuffer buffer;
  private final InstantSource clock;
  private final Map<AmqpLease, Ready> held = new ConcurrentHashMap<>();

  /**
   * Settled within a call that failed for others: that call comes again, and these are not lost.
   */
  private final Set<Lease> applied = ConcurrentHashMap.newKeySet();

  HeldDeliveries(
      MessageCodec codec,
      ConfirmedPublisher publisher,
      DeliveryBuffer buffer,
      InstantSource clock) {
    this.codec = codec;
    this.publisher = publisher;
    this.buffer = buffer;
    this.clock = clock;
  }

  void add(Ready job) {
    held.put(job.lease(), job);
  }

  int count(JobQueue queue) {
    int count = 0;
    for (Ready job : held.values()) {
      count += job.job().queue().equals(queue) ? 1 : 0;
    }
    return count;
  }

  /** Takes away what a channel that has ended can no longer settle. */
  List<AmqpLease> revoke(ConsumerChannel ended) {
    List<AmqpLease> revoked = new ArrayList<>();
    held.forEach(
        (lease, job) -> {
          if (job.delivery().channel() == ended && held.remove(lease, job)) {
            revoked.add(lease);
          }
        });
    return revoked;
  }

  /** As {@link dev.jobs4j.spi.JobSource#settle}. */
  Set<Lease> settle(List<Settlement> settlements) {
    Instant now = clock.instant();
    Set<Lease> lost = new HashSet<>();
    Set<Lease> done = new HashSet<>();
    List<Ready> followed = new ArrayList<>();
    List<Outgoing> followers = new ArrayList<>();
    for (Settlement settlement : settlements) {
      Ready job = settlement.lease() instanceof AmqpLease lease ? held.remove(lease) : null;
      if (job == null) {
        if (!applied.contains(settlement.lease())) {
          lost.add(settlement.lease());
        }
        continue;
      }
      Outgoing follower = follower(job, settlement.outcome(), now);
      if (follower == null) {
        boolean inTime =
            settlement.outcome() instanceof Outcome.Released ? release(job) : acknowledge(job);
        (inTime ? done : lost).add(job.lease());
      } else {
        followed.add(job);
        followers.add(follower);
      }
    }
    List<Receipt> receipts = publisher.send(followers);
    for (int i = 0; i < receipts.size(); i++) {
      Ready job = followed.get(i);
      if (receipts.get(i).confirmed()) {
        (acknowledge(job) ? done : lost).add(job.lease());
      } else {
        keep(job);
      }
    }
    Optional<StoreException> failure = Receipt.failure(receipts);
    if (failure.isPresent()) {
      applied.addAll(done);
      throw failure.get();
    }
    settlements.forEach(settlement -> applied.remove(settlement.lease()));
    return lost;
  }

  /** What must be durable before the delivery may be given up; null if nothing follows. */
  private @Nullable Outgoing follower(Ready job, Outcome outcome, Instant now) {
    int attempt = job.job().attempt();
    Integer allowed = job.job().maxAttempts();
    if (outcome instanceof Outcome.Retry retry) {
      return allowed != null && attempt >= allowed
          ? codec.deadLetter(job, DeadReason.EXHAUSTED, retry.failure(), now)
          : codec.again(job, attempt + 1, retry.delay(), now);
    }
    if (outcome instanceof Outcome.Snoozed snoozed) {
      return codec.again(job, attempt, snoozed.delay(), now);
    }
    return outcome instanceof Outcome.Dead dead
        ? codec.deadLetter(job, dead.reason(), dead.failure(), now)
        : null;
  }

  private static boolean acknowledge(Ready job) {
    return job.delivery().channel().ack(job.delivery().tag());
  }

  /** Not through the broker: a requeue comes straight back and spends the delivery limit. */
  private boolean release(Ready job) {
    buffer.giveBack(job.released());
    return job.delivery().channel().ended() == null;
  }

  /** For the next try. If the channel ends meanwhile, its revocation or we take it away. */
  private void keep(Ready job) {
    held.put(job.lease(), job);
    if (job.delivery().channel().ended() != null) {
      held.remove(job.lease());
    }
  }
}
