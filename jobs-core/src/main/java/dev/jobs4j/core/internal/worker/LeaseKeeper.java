package dev.jobs4j.core.internal.worker;

import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.Mailbox;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beside the way: renews the engine's one lease, three times in its duration, and brings what the
 * store has to tell. When the store says the engine is fenced, or no renewal got through in time,
 * it cancels what runs; after a fence the engine comes back under a new id.
 */
final class LeaseKeeper {

  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  private final JobStore store;
  private final EngineLease lease;
  private final LeaseOptions options;
  private final StoreSource source;
  private final Ticker ticker;
  private final AtomicBoolean handlersLost = new AtomicBoolean();
  private boolean retired; // guarded by this

  LeaseKeeper(
      JobStore store, EngineLease lease, LeaseOptions options, StoreSource source, Ticker ticker) {
    this.store = store;
    this.lease = lease;
    this.options = options;
    this.source = source;
    this.ticker = ticker;
  }

  /** One step of the keeper's loop: registers or renews, and answers when to do so again. */
  synchronized Duration step() {
    EngineId id = lease.id();
    if (retired) {
      return options.renewInterval(); // a poller in its last turn may still ask
    }
    if (id == null) {
      register();
    } else {
      renew(id);
    }
    return options.renewInterval();
  }

  /**
   * Takes the lease for lost once its time is over by our own ticker, also while a renewal hangs.
   * Called by another thread than the keeper's, and waits for none.
   */
  void guard() {
    EngineId id = lease.id();
    if (id != null && !lease.isSafe(id)) {
      loseHandlers(id);
    }
  }

  private void register() {
    EngineInfo engine = lease.introduce();
    long sentAt = ticker.nanos();
    store.register(engine);
    lease.renewed(engine.id(), sentAt);
    source.wake();
    log.info("Engine is live: engine={} name={}", engine.id(), engine.name());
  }

  private void renew(EngineId id) {
    long sentAt = ticker.nanos();
    Optional<Mailbox> mailbox;
    try {
      mailbox = store.renew(id);
    } catch (Throwable e) { // rethrown to the loop, which backs off
      if (!lease.isSafe(id)) {
        loseHandlers(id);
      }
      throw e;
    }
    if (mailbox.isEmpty()) {
      log.warn("Engine was fenced, goes on under a new id: engine={}", id);
      lease.lost();
      source.fenced();
      handlersLost.set(false);
      register();
      return;
    }
    if (!lease.isSafe(id)) {
      loseHandlers(id); // the renewal came too late to be sure that nobody else had started
    }
    lease.renewed(id, sentAt);
    handlersLost.set(false);
    if (!mailbox.get().cancelRequested().isEmpty()) {
      source.cancelRequested(mailbox.get().cancelRequested());
    }
  }

  private void loseHandlers(EngineId id) {
    if (handlersLost.compareAndSet(false, true)) {
      log.warn("No renewal got through in time, running jobs are interrupted: engine={}", id);
      source.suspendHandlers();
    }
  }

  /** Leaves in order: the store takes back what this engine still holds. */
  synchronized void retire() {
    retired = true;
    EngineId id = lease.id();
    if (id != null) {
      store.retire(id);
      lease.lost();
    }
  }
}
