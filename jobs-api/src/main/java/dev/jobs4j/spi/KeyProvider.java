package dev.jobs4j.spi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keys that payloads and results are encrypted under, such as a file, a vault or a key
 * service. Thread-safe, and asked at each enqueue and each run, so it should remember what it
 * fetched.
 *
 * <p>One key may encrypt 2<sup>32</sup> times at most (NIST SP 800-38D, random nonces): bring a new
 * primary key long before, and keep the older ones for as long as something under them is to be
 * read. A key that is gone for ever takes what was encrypted under it along.
 *
 * <p>An error that it throws is taken as passing: an enqueue fails with it, a run is a failed
 * attempt and tried again.
 */
public interface KeyProvider {

  /**
   * The key to write with now.
   *
   * @param tenant on whose behalf the job runs; null for jobs without a tenant
   * @throws dev.jobs4j.api.InvalidJobException if there is none for this tenant
   */
  DataKey primary(@Nullable String tenant);

  /**
   * The key of this name, to read with; empty if it is not there, and then the job is kept as a
   * dead letter until the key is.
   *
   * @param tenant on whose behalf the job runs; null for jobs without a tenant
   */
  Optional<DataKey> find(@Nullable String tenant, String id);
}
