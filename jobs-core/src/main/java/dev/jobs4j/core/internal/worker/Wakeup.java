package dev.jobs4j.core.internal.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The one place where a control thread rests. A signal that comes before the rest ends it too. */
final class Wakeup {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean signalled;

  /** Ends the rest that is under way, or else the next one. */
  void signal() {
    if (signalled) {
      return; // whoever rests next will find it
    }
    lock.lock();
    try {
      signalled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Rests at most {@code patience}, less if signalled; zero does not rest. */
  void await(Duration patience) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(patience);
    lock.lockInterruptibly();
    try {
      while (!signalled && left > 0) {
        left = changed.awaitNanos(left);
      }
      signalled = false;
    } finally {
      lock.unlock();
    }
  }
}
