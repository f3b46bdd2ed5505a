package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.config.LeaseOptions;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine believes about its lease, by its own ticker alone. After a loss it goes on under a
 * new id; the old one is never used again. Thread-safe.
 */
final class EngineLease {

  private final String name;
  private final String version;
  private final LeaseOptions options;
  private final Map<JobQueue, Integer> queues;
  private final Map<String, Integer> types;
  private final Ticker ticker;
  private final Supplier<UUID> ids;

  /** Guarded by {@code this}: id and times belong together. */
  private @Nullable EngineId id;

  private long renewedAt;

  EngineLease(
      String name,
      String version,
      LeaseOptions options,
      Map<JobQueue, Integer> queues,
      Map<String, Integer> types,
      Ticker ticker,
      Supplier<UUID> ids) {
    this.name = name;
    this.version = version;
    this.options = options;
    this.queues = Map.copyOf(queues);
    this.types = Map.copyOf(types);
    this.ticker = ticker;
    this.ids = ids;
  }

  /** A fresh life to register. */
  EngineInfo introduce() {
    return new EngineInfo(
        new EngineId(ids.get()), name, version, options.duration(), queues, types);
  }

  /** This life is LIVE since {@code sentAt}, read before the store was asked. */
  synchronized void renewed(EngineId engine, long sentAt) {
    id = engine;
    renewedAt = sentAt;
  }

  /** This life is over. */
  synchronized void lost() {
    id = null;
  }

  /** The current life, or null before the first and after a loss. */
  synchronized @Nullable EngineId id() {
    return id;
  }

  /** Whether {@code engine} is the current life and surely not expired. */
  synchronized boolean isSafe(EngineId engine) {
    return engine.equals(id) && age() < options.duration().minus(options.margin()).toNanos();
  }

  /** Whether the last renewal is so old that nothing should start before the next. */
  synchronized boolean isStale() {
    return age() > options.duration().toNanos() / 2;
  }

  private long age() {
    return ticker.nanos() - renewedAt;
  }
}
