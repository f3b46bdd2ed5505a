package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AlreadyClosedException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.transport.amqp.Delivery.Ready;
import dev.jobs4j.transport.amqp.DeliveryBuffer.Forward;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a delivery: the client's threads put it into the {@link DeliveryBuffer}, a turn hands
 * it to the engine, {@link HeldDeliveries} settles it. What is due in a retry queue, and what is no
 * job, is moved on in a turn: published, confirmed, then acknowledged.
 */
final class AmqpJobSource implements JobSource {
  private static final Logger log = LoggerFactory.getLogger(AmqpJobSource.class);

  private final AmqpTransportOptions options;
  private final MessageCodec codec;
  private final ConfirmedPublisher publisher;
  private final SourceListener listener;
  private final DeliveryBuffer buffer;
  private final HeldDeliveries held;
  private final ConsumerLink link;
  private boolean closed;
  private boolean forwardsStuck;

  AmqpJobSource(
      Set<JobQueue> queues,
      AmqpTransportOptions options,
      AmqpTopology topology,
      MessageCodec codec,
      ConfirmedPublisher publisher,
      SourceListener listener) {
    this.options = options;
    this.codec = codec;
    this.publisher = publisher;
    this.listener = listener;
    // A queue may have the prefetch of two consumers here while a larger one takes over.
    int ofOneQueue = 2 * options.maxPrefetch() + options.retryTiers().size() * ConsumerLink.WINDOW;
    this.buffer = new DeliveryBuffer(queues.size() * ofOneQueue);
    this.held = new HeldDeliveries(codec, publisher, buffer, options.clock());
    this.link = new ConsumerLink(queues, options, topology, codec, buffer);
  }

  @Override
  public List<LeasedJob> turn(Demand demand, Duration patience) throws InterruptedException {
    if (closed) {
      throw unavailable("The source is closed", new IOException("closed"));
    }
    Throwable lost = dropEnded();
    if (lost != null) {
      // Told once; the engine backs off, so a channel that keeps ending is not reopened in a spin.
      throw unavailable("A channel has ended and is opened again in the next turn", lost);
    }
    return gather(demand, patience);
  }

  /** As {@link ConsumerLink#serve}; whatever fails in it, the connection's state is unknown. */
  private boolean serve(Demand demand) {
    try {
      return link.serve(demand, held);
    } catch (IOException | TimeoutException | AlreadyClosedException | StoreException e) {
      link.giveUp(e);
      dropEnded();
      throw e instanceof StoreException known ? known : unavailable("Queues cannot be consumed", e);
    }
  }

  private static StoreException unavailable(String message, Throwable cause) {
    return new StoreException(message, Certainty.NOT_DONE, cause);
  }

  /** Ends the leases of what has ended; returns why one of them has. */
  private @Nullable Throwable dropEnded() {
    Throwable why = null;
    List<AmqpLease> revoked = new ArrayList<>();
    for (ConsumerChannel channel : link.takeEnded()) {
      why = channel.ended();
      buffer.drop(channel);
      revoked.addAll(held.revoke(channel));
    }
    if (!revoked.isEmpty()) {
      log.warn("Channel lost, its jobs are given out again: jobs={}", revoked.size(), why);
      listener.revoked(revoked, Duration.ZERO);
    }
    return why;
  }

  private List<LeasedJob> gather(Demand demand, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    while (!link.hasEnded()) {
      boolean again = serve(demand);
      Optional<StoreException> stuck = forwardDue();
      List<LeasedJob> jobs = handOut(demand);
      if (!jobs.isEmpty()) {
        // What cannot go on must not stop what can run.
        return jobs;
      }
      if (stuck.isPresent()) {
        throw stuck.get();
      }
      if (buffer.takeWake() || left <= 0) {
        break;
      }
      long rest = again ? Math.min(left, QueueConsumer.GROW_AFTER.toNanos()) : left;
      left -= rest - buffer.await(rest, options.clock().instant());
    }
    return List.of();
  }

  private List<LeasedJob> handOut(Demand demand) {
    List<Ready> taken = buffer.take(demand);
    taken.forEach(held::add);
    return taken.stream().map(Ready::job).toList();
  }

  private Optional<StoreException> forwardDue() {
    Instant now = options.clock().instant();
    List<Forward> due = buffer.takeDue(now);
    List<Receipt> receipts =
        publisher.send(due.stream().map(forward -> message(forward, now)).toList());
    for (int i = 0; i < due.size(); i++) {
      Forward forward = due.get(i);
      if (receipts.get(i).confirmed()) {
        forward.delivery().channel().ack(forward.delivery().tag());
      } else {
        buffer.giveBack(forward);
      }
    }
    Optional<StoreException> failure = Receipt.failure(receipts);
    if (failure.isPresent() && !forwardsStuck) {
      log.warn("Messages cannot be moved on and stay where they are", failure.get());
    }
    forwardsStuck = failure.isPresent() || (forwardsStuck && due.isEmpty());
    return failure;
  }

  private Outgoing message(Forward forward, Instant now) {
    Delivery delivery = forward.delivery();
    if (forward.problem() == null) {
      return codec.onward(delivery, now);
    }
    log.warn(
        "Message is no job and goes to {}: delivery={}, problem={}",
        AmqpTopology.deadLetters(delivery.queue()),
        delivery.lease(),
        forward.problem().getMessage());
    return codec.deadLetter(delivery, forward.problem(), now);
  }

  @Override
  public void wake() {
    buffer.wake();
  }

  @Override
  public Set<Lease> settle(List<Settlement> settlements) {
    return held.settle(settlements);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      link.close();
      // What the engine still runs is given out to others from now on, so it is told.
      dropEnded();
    }
  }
}
