package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.Retention;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.PruneRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is kept no longer, each minute, and less often while the archive does not take it
 * over. An archive that fails is no trouble of the engine: its jobs stay where they are. One that
 * hangs holds up this loop and no other.
 */
final class Pruner {

  private static final Logger log = LoggerFactory.getLogger(Pruner.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final int MOST_DOUBLINGS = 5;
  private static final int BATCH = 500;

  /** Smaller, because whole payloads are read for it. */
  private static final int ARCHIVE_BATCH = 100;

  private final JobStore store;
  private final Retention retention;
  private final @Nullable Watched archive;
  private final Ticker ticker;
  private final Duration look;
  private long restedFrom; // the pruner's thread alone, as all that follows
  private Duration rest = INTERVAL;

  /**
   * Prunes a store.
   *
   * @param look how often it looks at the ticker, whose time need not go on as that of a rest does
   */
  Pruner(
      JobStore store,
      Retention retention,
      @Nullable JobArchive archive,
      Ticker ticker,
      Duration look) {
    this.store = store;
    this.retention = retention;
    this.archive = archive == null ? null : new Watched(archive);
    this.ticker = ticker;
    this.look = look;
    restedFrom = ticker.nanos();
  }

  /** Prunes a batch if it is time; the answer is zero while there may be more. */
  Duration step() {
    Duration left = rest.minusNanos(ticker.nanos() - restedFrom);
    if (left.compareTo(Duration.ZERO) > 0) {
      return left.compareTo(look) < 0 ? left : look;
    }
    boolean more = archive == null ? prune(null, BATCH) : prune(archive);
    if (more) {
      return Duration.ZERO;
    }
    restedFrom = ticker.nanos();
    return look;
  }

  private boolean prune(@Nullable JobArchive archive, int limit) {
    int gone = store.prune(new PruneRequest(retention, archive, limit));
    if (gone > 0) {
      log.debug("Deleted what is kept no longer: rows={}", gone);
    }
    return gone >= limit;
  }

  private boolean prune(Watched watched) {
    watched.failed = false;
    try {
      boolean more = prune(watched, ARCHIVE_BATCH);
      rest = INTERVAL.multipliedBy(1L << Math.min(watched.failures, MOST_DOUBLINGS));
      return more;
    } catch (Throwable e) { // whatever an archive of the host throws
      if (!watched.failed) {
        throw e;
      }
      rest = INTERVAL.multipliedBy(1L << Math.min(watched.failures, MOST_DOUBLINGS));
      if (watched.failures == 1) {
        log.warn("The archive took no jobs over, they stay; next try in {}", rest, e);
      } else {
        log.debug("The archive still takes no jobs over, next try in {}", rest, e);
      }
      return false;
    }
  }

  /** The archive, and how it does. */
  private static final class Watched implements JobArchive {
    private final JobArchive archive;
    private boolean failed;
    private int failures;

    Watched(JobArchive archive) {
      this.archive = archive;
    }

    @Override
    public void keep(List<ArchivedJob> jobs) {
      failed = true;
      failures++;
      archive.keep(jobs);
      if (failures > 1) {
        log.info("The archive takes jobs over again after {} failures", failures - 1);
      }
      failed = false;
      failures = 0;
    }
  }
}
