package dev.jobs4j.core.internal.worker;

import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.payload.Secrets;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the attempts of one source say, written down in batches: about once a second what was said
 * meanwhile, and what an attempt that has ended said last, before it is settled. A store that fails
 * holds nobody up: it is tried again, and what could never be written is told.
 */
final class Reports {

  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  /** Reports in one transaction. */
  private static final int MAX_BATCH = 100;

  private final Supplier<Optional<JobNotes>> notes;
  private final LogOptions options;
  private final Ticker ticker;
  private final Wakeup wake;
  private final Map<Lease, Reporter> open = new ConcurrentHashMap<>();

  /** When something is to be written, or null; guarded by {@code this}. */
  private @Nullable Long dueAt;

  /** The writing thread's alone. */
  private boolean failing;

  /**
   * Wakes with {@code wake} the thread that calls {@link #write} when there is something to write.
   */
  Reports(Supplier<Optional<JobNotes>> notes, LogOptions options, Ticker ticker, Wakeup wake) {
    this.notes = notes;
    this.options = options;
    this.ticker = ticker;
    this.wake = wake;
  }

  /** What this attempt says is written down until {@link #close}. */
  Reporter open(Attempt attempt, Secrets secrets) {
    Lease lease = attempt.job().lease();
    if (notes.get().isEmpty() || !(lease instanceof TokenLease)) {
      return reporter(attempt, secrets, null);
    }
    Reporter reporter = reporter(attempt, secrets, this::news);
    open.put(lease, reporter);
    return reporter;
  }

  /** What this attempt says is too late to be written down. */
  Reporter closed(Attempt attempt, Secrets secrets) {
    return reporter(attempt, secrets, null);
  }

  private Reporter reporter(Attempt attempt, Secrets secrets, @Nullable Runnable news) {
    return new Reporter(attempt, secrets, ticker, options.maxLines(), options.maxLength(), news);
  }

  private void news() {
    synchronized (this) {
      if (dueAt != null) {
        return;
      }
      dueAt = ticker.nanos() + INTERVAL.toNanos();
    }
    wake.signal();
  }

  /** How long until something is to be written, at most {@code patience}. */
  synchronized Duration untilDue(Duration patience) {
    if (dueAt == null) {
      return patience;
    }
    Duration left = Duration.ofNanos(Math.max(0, dueAt - ticker.nanos()));
    return left.compareTo(patience) < 0 ? left : patience;
  }

  /**
   * Writes what those attempts said that have ended, and, if that is due, what the others said.
   * Always called by one thread. Never throws.
   */
  void write(Collection<Lease> ended) {
    if (open.isEmpty()) {
      return;
    }
    write(of(ended), true);
    if (takeDue() && !write(List.copyOf(open.keySet()), false)) {
      news();
    }
  }

  private List<Lease> of(Collection<Lease> leases) {
    return leases.stream().filter(open::containsKey).toList();
  }

  private synchronized boolean takeDue() {
    if (dueAt == null || dueAt - ticker.nanos() > 0) {
      return false;
    }
    dueAt = null;
    return true;
  }

  /** Returns whether all was written. */
  private boolean write(List<Lease> leases, boolean patient) {
    boolean all = true;
    for (int i = 0; i < leases.size(); i += MAX_BATCH) {
      List<Lease> batch = leases.subList(i, Math.min(leases.size(), i + MAX_BATCH));
      try {
        all &= writeBatch(batch, patient);
      } catch (Throwable e) { // whatever it is, what has ended must be settled
        failed(e);
        return false;
      }
    }
    return all;
  }

  private boolean writeBatch(List<Lease> leases, boolean patient) {
    Map<TokenLease, Report> reports = new HashMap<>();
    for (Lease lease : leases) {
      Reporter reporter = open.get(lease);
      TokenLease token = (TokenLease) lease;
      Report report = reporter == null ? null : reporter.report(token);
      if (report != null) {
        reports.put(token, report);
      }
    }
    Optional<JobNotes> kept = reports.isEmpty() ? Optional.empty() : notes.get();
    if (kept.isEmpty()) {
      return true;
    }
    Set<TokenLease> written =
        kept.get().report(new ArrayList<>(reports.values()), options.maxLines(), patient);
    works();
    reports.forEach(
        (lease, report) -> {
          Reporter reporter = open.get(lease);
          if (reporter != null && written.contains(lease)) {
            reporter.written(report);
          }
        });
    return written.containsAll(reports.keySet());
  }

  private void failed(Throwable error) {
    if (failing) {
      log.debug("Progress and log lines of jobs still cannot be written", error);
    } else {
      failing = true;
      log.warn("Progress and log lines of jobs could not be written, it is tried again", error);
    }
  }

  private void works() {
    if (failing) {
      failing = false;
      log.info("Progress and log lines of jobs are written again");
    }
  }

  /** The attempt is settled: what was not written by now never will be. */
  void close(Lease lease) {
    Reporter reporter = open.remove(lease);
    int lost = reporter == null ? 0 : reporter.close();
    if (lost > 0) {
      log.warn("Log lines of a job were not written and are lost: lease={} lines={}", lease, lost);
    }
  }
}
