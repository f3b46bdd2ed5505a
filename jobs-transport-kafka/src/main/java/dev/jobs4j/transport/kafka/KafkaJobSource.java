package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import dev.jobs4j.spi.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the consumer group. Its consumer lives on the thread that takes the turns; only
 * {@link #settle} and {@link #wake} come from elsewhere, and they touch the books in {@link
 * Assignment}, never the consumer's state.
 */
final class KafkaJobSource implements JobSource {
  private static final Logger log = LoggerFactory.getLogger(KafkaJobSource.class);

  /** A turn ends at the latest after this, so that what was settled meanwhile is committed soon. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration CLOSE_POLL = Duration.ofMillis(100);

  private final KafkaTransportOptions options;
  private final Set<JobQueue> queues;
  private final SourceListener listener;
  private final TopicPlan topics;
  private final KafkaTopics cluster;
  private final RecordCodec codec;
  private final Assignment assignment;
  private final HandOffs handOffs;
  private final OffsetCommits commits;
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean waiting;
  private boolean closed;

  KafkaJobSource(
      KafkaTransportOptions options,
      Set<JobQueue> queues,
      SourceListener listener,
      TopicPlan topics,
      KafkaTopics cluster,
      RecordPublisher publisher) {
    this.options = options;
    this.queues = Set.copyOf(queues);
    this.listener = listener;
    this.topics = topics;
    this.cluster = cluster;
    this.codec = new RecordCodec(topics, options.groupId());
    this.assignment = new Assignment(topics);
    this.handOffs =
        new HandOffs(
            assignment,
            publisher,
            codec,
            new DeadLetters(topics, options.groupId()),
            cluster,
            options.clock());
    this.commits = new OffsetCommits(assignment);
  }

  @Override
  public List<LeasedJob> turn(Demand demand, Duration patience) throws InterruptedException {
    if (closed) {
      throw new IllegalStateException("The source is closed");
    }
    try {
      Consumer<byte[], byte[]> c = connected();
      commits.tick(c, options.clock().instant());
      pauseAndResume(c);
      poll(c, wait(demand, patience));
      // Given out only after the poll: what it took away from us is not among them.
      return give(demand);
    } catch (InterruptException e) {
      Thread.interrupted(); // Kafka has set the flag again; the exception carries it from here
      throw (InterruptedException) new InterruptedException("Interrupted in a turn").initCause(e);
    } catch (KafkaException e) {
      if (!(e instanceof RetriableException)) {
        abandonConsumer();
      }
      throw new StoreException(
          "Kafka source of " + queues + " failed: " + e.getMessage(),
          StoreException.Certainty.NOT_DONE,
          e);
    }
  }

  private Consumer<byte[], byte[]> connected() {
    Consumer<byte[], byte[]> c = consumer;
    if (c == null) {
      cluster.ready(); // the topics must be there before the group looks for them
      c = new KafkaConsumer<>(ClientProperties.consumer(options));
      List<String> names = new ArrayList<>();
      queues.forEach(queue -> names.addAll(topics.topics(queue)));
      c.subscribe(names, new Rebalances(c));
      commits.reset();
      consumer = c;
    }
    return c;
  }

  private Duration wait(Demand demand, Duration patience) {
    Instant now = options.clock().instant();
    if (assignment.isReady(demand, now)) {
      return Duration.ZERO;
    }
    Duration wait = patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
    Duration due =
        assignment.nextDue(now).map(next -> Duration.between(now, next)).orElse(LONGEST_WAIT);
    // A part of a millisecond is cut by the client, which then would spin until the record is due.
    due = due.plusMillis(1);
    return due.compareTo(wait) < 0 ? due : wait;
  }

  private void pauseAndResume(Consumer<byte[], byte[]> c) {
    Set<TopicPartition> wanted =
        assignment.paused(options.clock().instant(), options.maxSpan(), options.maxBuffer());
    Set<TopicPartition> paused = c.paused();
    Set<TopicPartition> stop = new HashSet<>(wanted);
    stop.removeAll(paused);
    stop.retainAll(c.assignment());
    Set<TopicPartition> start = new HashSet<>(paused);
    start.removeAll(wanted);
    c.pause(stop);
    c.resume(start);
  }

  private void poll(Consumer<byte[], byte[]> c, Duration timeout) {
    waiting = true;
    try {
      insert(c.poll(woken.getAndSet(false) ? Duration.ZERO : timeout));
    } catch (WakeupException e) {
      log.trace("Woken, the turn ends early");
    } catch (NoOffsetForPartitionException e) {
      c.seekToBeginning(e.partitions()); // a new group begins with the oldest job
    } catch (OffsetOutOfRangeException e) {
      restart(c, e.offsetOutOfRangePartitions());
    } finally {
      waiting = false;
    }
  }

  private void insert(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      OptionalLong epoch = assignment.epoch(partition);
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        boolean ours =
            epoch.isPresent()
                && assignment.insert(record, epoch.getAsLong(), codec.holdUntil(record));
        if (!ours) {
          log.debug(
              "Fetched under an epoch that has ended, dropped: partition={}, offset={}",
              partition,
              record.offset());
        }
      }
    }
  }

  /** The broker no longer has the records where we stood: jobs are gone, and that is said aloud. */
  private void restart(Consumer<byte[], byte[]> c, Map<TopicPartition, Long> positions) {
    log.error(
        "The broker has deleted records that were not read (its retention, or the topic was made"
            + " anew), reading on from the oldest it has: positions={}",
        positions);
    lost(positions.keySet());
    assignment.assign(positions.keySet());
    c.seekToBeginning(positions.keySet());
  }

  private List<LeasedJob> give(Demand demand) {
    Instant now = options.clock().instant();
    List<LeasedJob> jobs = new ArrayList<>();
    for (JobQueue queue : queues) {
      int enough = jobs.size() + demand.of(queue);
      boolean goesOn = true;
      while (goesOn && jobs.size() < enough) {
        Delivery delivery = assignment.take(queue, now);
        goesOn = delivery != null && offer(queue, delivery, now, jobs);
      }
    }
    return jobs;
  }

  /** Adds the job in a record, or sends on what is none now; false if the broker takes nothing. */
  private boolean offer(JobQueue queue, Delivery delivery, Instant now, List<LeasedJob> jobs) {
    Reading job;
    try {
      job = codec.decode(delivery.record(), cluster.ready());
    } catch (InvalidJobException e) {
      return handOffs.bury(delivery, e);
    }
    Instant due = job.notBefore();
    if (due != null && due.isAfter(now)) {
      return handOffs.postpone(delivery, job, due);
    }
    jobs.add(
        new LeasedJob(
            delivery.lease(),
            job.id(),
            job.type(),
            job.typeVersion(),
            queue,
            job.payload(),
            job.attempt(),
            job.maxAttempts(),
            OptionalLong.empty(),
            false,
            Duration.ZERO,
            job.tenant(),
            Set.of(),
            job.headers(),
            job.origin()));
    return true;
  }

  @Override
  public void wake() {
    woken.set(true);
    Consumer<byte[], byte[]> c = consumer;
    if (waiting && c != null) {
      c.wakeup();
    }
  }

  @Override
  public Set<Lease> settle(List<Settlement> settlements) {
    return handOffs.settle(settlements);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted(); // an interrupted client could not say goodbye
    Consumer<byte[], byte[]> c = consumer;
    consumer = null;
    try {
      if (c != null) {
        settleDown(c);
      }
      Assignment.Ended ended = assignment.end(assignment.partitions());
      if (c != null) {
        commits.sync(c, ended.points());
        closeQuietly(c, CLOSE_LIMIT);
      }
      tell(ended.leases(), Duration.ZERO);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Commits what is done. A group in a rebalance takes no commits, so the polls go on until that is
   * over: whoever leaves in the middle of one would leave ended jobs to be run again.
   */
  private void settleDown(Consumer<byte[], byte[]> c) {
    try {
      long polls = CLOSE_LIMIT.dividedBy(CLOSE_POLL);
      while (!commits.sync(c, assignment.commitPoints(assignment.partitions())) && polls-- > 0) {
        poll(c, CLOSE_POLL);
        c.pause(c.assignment());
      }
    } catch (KafkaException e) {
      log.warn("Could not wait for the end of a rebalance: queues={}", queues, e);
    }
  }

  /** Gives up a consumer that cannot go on; the next turn makes another. */
  private void abandonConsumer() {
    Consumer<byte[], byte[]> c = consumer;
    consumer = null;
    lost(assignment.partitions());
    if (c != null) {
      closeQuietly(c, Duration.ZERO);
    }
  }

  private static void closeQuietly(Consumer<byte[], byte[]> c, Duration limit) {
    try {
      c.close(CloseOptions.timeout(limit));
    } catch (KafkaException e) {
      log.warn("Leaving the group failed, the broker will notice by itself", e);
    }
  }

  private void lost(Collection<TopicPartition> partitions) {
    tell(assignment.end(partitions).leases(), Duration.ZERO);
  }

  private void tell(List<KafkaLease> leases, Duration drain) {
    if (leases.isEmpty()) {
      return;
    }
    try {
      listener.revoked(leases, drain);
    } catch (RuntimeException e) {
      // Thrown on, it would end the rebalance in a state that Kafka does not define.
      log.error("The engine failed to give leases up, going on: leases={}", leases, e);
    }
  }

  /** Called inside a poll, on the source's thread. */
  private final class Rebalances implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> member;

    Rebalances(Consumer<byte[], byte[]> member) {
      this.member = member;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      assignment.assign(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      tell(assignment.given(partitions), options.drainLimit());
      commits.sync(member, assignment.end(partitions).points());
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      lost(partitions);
    }
  }
}
