package dev.jobs4j.core.http;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.core.config.Ticker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;

/**
 * What ends a call before its answer: its total time, the interrupt of its thread, or that its
 * attempt is asked to end. Asked before each byte, so a receiver that trickles is cut as well.
 * Belongs to the calling thread.
 */
final class CallLimit {

  /** How soon a request to end is seen that comes without an interrupt. */
  private static final long GLANCE_MILLIS = 100;

  private final Ticker ticker;
  private final JobContext context;
  private final Duration total;
  private final long started;

  /** Starts now. */
  CallLimit(Ticker ticker, Duration total, JobContext context) {
    this.ticker = ticker;
    this.total = total;
    this.context = context;
    this.started = ticker.nanos();
  }

  /** Throws if the call must end. */
  void check() throws IOException {
    if (isCalledOff()) {
      throw new InterruptedIOException("the call was asked to end");
    }
    if (left() <= 0) {
      throw new SocketTimeoutException("the call took longer than totalTimeout " + total);
    }
  }

  /** Whether somebody wants the call to end, whatever its time. */
  boolean isCalledOff() {
    return Thread.currentThread().isInterrupted() || context.isCancelled();
  }

  long millis() {
    return (ticker.nanos() - started) / 1_000_000;
  }

  /**
   * Waits until the one channel of {@code selector} is ready for {@code operation}.
   *
   * @param patience the longest wait, zero for no limit but the call's
   * @param setting what to name if it was too long
   */
  void await(Selector selector, int operation, Duration patience, String setting)
      throws IOException {
    SelectionKey key = selector.keys().iterator().next();
    key.interestOps(operation);
    long since = ticker.nanos();
    while (true) {
      check();
      long rest = patience.isZero() ? left() : patience.toNanos() - (ticker.nanos() - since);
      if (rest <= 0) {
        throw new SocketTimeoutException(setting + " " + patience + " is over");
      }
      long millis = Math.min(rest, left()) / 1_000_000 + 1;
      if (selector.select(Math.min(millis, GLANCE_MILLIS)) > 0) {
        selector.selectedKeys().clear();
        return;
      }
    }
  }

  private long left() {
    return total.toNanos() - (ticker.nanos() - started);
  }
}
