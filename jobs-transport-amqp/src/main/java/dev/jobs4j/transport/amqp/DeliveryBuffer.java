package dev.jobs4j.transport.amqp;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.transport.amqp.Delivery.Ready;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the broker has delivered and nobody has taken yet. The client's threads put, the source's
 * own thread takes and waits. Bounded: prefetch keeps it small, and should a broker not care for
 * prefetch, the client's thread waits here and with it the connection.
 */
final class DeliveryBuffer {

  /**
   * A message that goes on to another queue instead of to the engine.
   *
   * @param due when, at most {@link AmqpTransportOptions#LONGEST_TIER} from now
   * @param problem why it is no job, or null if it comes from a retry queue
   */
  record Forward(Delivery delivery, Instant due, @Nullable InvalidJobException problem) {}

  private final int capacity;

  /** Guards everything below, and the order of "channel has ended" and "its deliveries go". */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final Condition space = lock.newCondition();
  private final Map<JobQueue, Deque<Ready>> ready = new HashMap<>();
  private final PriorityQueue<Forward> forwards =
      new PriorityQueue<>(Comparator.comparing(Forward::due));
  private int size;
  private boolean signalled;
  private boolean woken;

  DeliveryBuffer(int capacity) {
    this.capacity = capacity;
  }

  /** Keeps a job until it is taken; forgets it if its channel has ended. */
  void put(Ready job) {
    put(job.delivery(), () -> deque(job.delivery().queue()).addLast(job));
  }

  /** Keeps a message until it is due; forgets it if its channel has ended. */
  void put(Forward forward) {
    put(forward.delivery(), () -> forwards.add(forward));
  }

  private void put(Delivery delivery, Runnable keep) {
    lock.lock();
    try {
      while (size >= capacity && delivery.channel().ended() == null) {
        space.awaitUninterruptibly();
      }
      if (delivery.channel().ended() == null) {
        keep.run();
        size++;
        signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts a job back to the front of its queue, whatever the bound: it came from here. */
  void giveBack(Ready job) {
    lock.lock();
    try {
      if (job.delivery().channel().ended() == null) {
        deque(job.delivery().queue()).addFirst(job);
        size++;
        signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts a message back that could not go on, whatever the bound: it came from here. */
  void giveBack(Forward forward) {
    lock.lock();
    try {
      if (forward.delivery().channel().ended() == null) {
        forwards.add(forward);
        size++;
      }
    } finally {
      lock.unlock();
    }
  }

  private Deque<Ready> deque(JobQueue queue) {
    return ready.computeIfAbsent(queue, q -> new ArrayDeque<>());
  }

  private void signal() {
    signalled = true;
    changed.signal();
  }

  /** Takes what is wanted of each queue, in order, and at most one suspect if one may be. */
  List<Ready> take(Demand demand) {
    lock.lock();
    try {
      List<Ready> taken = new ArrayList<>();
      boolean suspect = demand.suspect();
      for (Map.Entry<JobQueue, Deque<Ready>> entry : ready.entrySet()) {
        int slots = demand.of(entry.getKey());
        Iterator<Ready> jobs = entry.getValue().iterator();
        while (slots > 0 && jobs.hasNext()) {
          Ready job = jobs.next();
          if (job.job().suspect() && !suspect) {
            continue;
          }
          suspect &= !job.job().suspect();
          jobs.remove();
          taken.add(job);
          slots--;
        }
      }
      shrink(taken.size());
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the messages that go on now. */
  List<Forward> takeDue(Instant now) {
    lock.lock();
    try {
      List<Forward> due = new ArrayList<>();
      for (Forward first = forwards.peek();
          first != null && !first.due().isAfter(now);
          first = forwards.peek()) {
        due.add(forwards.remove());
      }
      shrink(due.size());
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages that came over a channel are to go on and have not. */
  int forwards(ConsumerChannel channel) {
    lock.lock();
    try {
      int count = 0;
      for (Forward forward : forwards) {
        count += forward.delivery().channel() == channel ? 1 : 0;
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Takes all jobs of a queue that has not ended, to give them back to the broker. */
  List<Ready> takeAll(JobQueue queue) {
    lock.lock();
    try {
      List<Ready> all = List.copyOf(deque(queue));
      deque(queue).clear();
      shrink(all.size());
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what came over a channel that has ended: the broker gives it out again. */
  void drop(ConsumerChannel channel) {
    lock.lock();
    try {
      ready.values().forEach(jobs -> jobs.removeIf(job -> job.delivery().channel() == channel));
      forwards.removeIf(forward -> forward.delivery().channel() == channel);
      size = forwards.size() + ready.values().stream().mapToInt(Deque::size).sum();
      space.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void shrink(int taken) {
    size -= taken;
    if (taken > 0) {
      space.signalAll();
    }
  }

  /** Tells the waiting turn that a channel has ended, and whoever waits for room on it. */
  void channelEnded() {
    lock.lock();
    try {
      space.signalAll();
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the turn that waits, or the next one. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #wake} was called since the last time this was asked. */
  boolean takeWake() {
    lock.lock();
    try {
      boolean was = woken;
      woken = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for anything new since the last wait, or for the next message that is due.
   *
   * @return what is left of {@code nanos}
   */
  long await(long nanos, Instant now) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long limit = Math.min(nanos, nanosUntilDue(now));
      long left = limit;
      while (!signalled && left > 0) {
        left = changed.awaitNanos(left);
      }
      signalled = false;
      return nanos - (limit - Math.max(left, 0));
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue(Instant now) {
    Forward next = forwards.peek();
    if (next == null) {
      return Long.MAX_VALUE;
    }
    // At least a millisecond, so that what could not go on is not tried without a pause.
    return next.due().isAfter(now)
        ? Math.max(1_000_000, Duration.between(now, next.due()).toNanos())
        : 1_000_000;
  }
}
