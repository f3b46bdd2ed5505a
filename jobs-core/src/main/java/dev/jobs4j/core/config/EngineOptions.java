package dev.jobs4j.core.config;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Retention;
import java.time.Duration;

/**
 * How one engine behaves as a whole. Immutable; take {@link #defaults()} and change what differs.
 *
 * @param name for people, in the engines table and in logs; empty means the host name
 * @param pollInterval how long an idle engine waits between two looks at its store; a wake-up from
 *     an enqueue in the same process ends the wait
 * @param drainTimeout how long {@code stop()} lets running jobs finish before it interrupts them
 * @param interruptGrace how long an interrupted handler may take to end before its job is settled
 *     without it
 * @param retention how long what is over is kept before maintenance deletes it
 * @param maxPayloadBytes the largest encoded payload that is accepted, in bytes
 * @param lease the engine's lease on its jobs
 * @param log how much of what handlers write into the logs of their jobs is kept
 */
public record EngineOptions(
    String name,
    Duration pollInterval,
    Duration drainTimeout,
    Duration interruptGrace,
    Retention retention,
    int maxPayloadBytes,
    LeaseOptions lease,
    LogOptions log) {

  /** Checks the ranges; an error names the setting. */
  public EngineOptions {
    if (name.length() > 120) {
      throw new InvalidJobException("name must have at most 120 characters, had " + name.length());
    }
    Durations.requirePositive("pollInterval", pollInterval);
    Durations.requireNotNegative("drainTimeout", drainTimeout);
    Durations.requireNotNegative("interruptGrace", interruptGrace);
    if (maxPayloadBytes < 1) {
      throw new InvalidJobException("maxPayloadBytes must be >= 1, was " + maxPayloadBytes);
    }
  }

  /** Polls each second, drains for 20 s, keeps finished jobs 7 days, payloads to 1 MiB. */
  public static EngineOptions defaults() {
    return builder().build();
  }

  /** The defaults, to change. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; not thread-safe. */
  public static final class Builder {
    private String name = "";
    private Duration pollInterval = Duration.ofSeconds(1);
    private Duration drainTimeout = Duration.ofSeconds(20);
    private Duration interruptGrace = Duration.ofSeconds(2);
    private Retention retention = Retention.defaults();
    private int maxPayloadBytes = 1024 * 1024;
    private LeaseOptions lease = LeaseOptions.defaults();
    private LogOptions log = LogOptions.defaults();

    private Builder() {}

    /** Sets the name for people. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets the wait between two looks of an idle engine. */
    public Builder pollInterval(Duration value) {
      pollInterval = value;
      return this;
    }

    /** Sets how long running jobs may finish at a stop. */
    public Builder drainTimeout(Duration value) {
      drainTimeout = value;
      return this;
    }

    /** Sets how long an interrupted handler may take to end. */
    public Builder interruptGrace(Duration value) {
      interruptGrace = value;
      return this;
    }

    /** Sets how long what is over is kept. */
    public Builder retention(Retention value) {
      retention = value;
      return this;
    }

    /** Sets the largest accepted payload, in bytes. */
    public Builder maxPayloadBytes(int value) {
      maxPayloadBytes = value;
      return this;
    }

    /** Sets the engine's lease. */
    public Builder lease(LeaseOptions value) {
      lease = value;
      return this;
    }

    /** Sets how much of the logs of jobs is kept. */
    public Builder log(LogOptions value) {
      log = value;
      return this;
    }

    /** The checked options. */
    public EngineOptions build() {
      return new EngineOptions(
          name, pollInterval, drainTimeout, interruptGrace, retention, maxPayloadBytes, lease, log);
    }
  }
}
