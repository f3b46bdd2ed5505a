package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.spi.JobStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names of a store's limits: looked up again after a while, since any node may remove one. */
final class KnownLimits {

  /** How long a limit that another node removed may still be named here. */
  static final Duration AGE = Duration.ofSeconds(3);

  private final JobStore store;
  private final Ticker ticker;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile @Nullable Seen seen;
  private long removals; // guarded by this

  private record Seen(Set<String> names, long nanos) {}

  KnownLimits(JobStore store, Ticker ticker) {
    this.store = store;
    this.ticker = ticker;
  }

  boolean contains(String name) {
    Seen last = seen;
    if (last == null || !last.names.contains(name)) {
      return look().names.contains(name);
    }
    boolean old = ticker.nanos() - last.nanos >= AGE.toNanos();
    if (!old || !looking.compareAndSet(false, true)) {
      return true; // who looks needs a connection, and its caller may hold one: one at a time
    }
    try {
      return look().names.contains(name);
    } finally {
      looking.set(false);
    }
  }

  synchronized void forget() {
    removals++;
    seen = null;
  }

  private synchronized long removals() {
    return removals;
  }

  private Seen look() {
    long before = removals();
    Seen now = read();
    synchronized (this) {
      if (removals == before) {
        seen = now;
      }
    }
    return now;
  }

  private Seen read() {
    long nanos = ticker.nanos();
    return new Seen(
        store.limits().stream()
            .flatMap(kept -> kept.list().stream())
            .map(JobLimit::name)
            .collect(Collectors.toUnmodifiableSet()),
        nanos);
  }
}
