package dev.jobs4j.spi;

import java.time.Duration;
import java.util.Collection;

/** What a source tells its engine. Called on the source's threads; thread-safe. */
public interface SourceListener {

  /**
   * These leases end. What has not started is forgotten; what runs may finish within {@code drain},
   * during which this call blocks and {@link JobSource#settle} still accepts it; what then still
   * runs is told that its lease is lost and is interrupted. With zero the leases are lost already.
   */
  void revoked(Collection<? extends Lease> leases, Duration drain);

  /** Someone asks these running attempts to end. */
  void cancelRequested(Collection<? extends Lease> leases);
}
