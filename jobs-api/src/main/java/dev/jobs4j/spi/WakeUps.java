package dev.jobs4j.spi;

import java.time.Duration;

/**
 * Word from other processes that jobs may be due, so that an idle engine need not wait for its next
 * poll. A hint and no more: it may come for nothing, late or never, and polling goes on beside it.
 * One thread waits; any thread may close.
 */
public interface WakeUps extends AutoCloseable {

  /**
   * Waits for word about one of the queues, at most so long. It connects by itself, and then, as
   * after each lost connection, answers true at once: what was told meanwhile was missed.
   *
   * @return whether jobs may be due
   * @throws StoreException if no word can come at present; a later call tries again
   */
  boolean await(Duration patience) throws InterruptedException;

  /** Ends the wait that is under way, and all later ones at once. Idempotent. */
  @Override
  void close();
}
