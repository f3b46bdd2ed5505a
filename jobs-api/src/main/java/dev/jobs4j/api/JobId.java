package dev.jobs4j.api;

import java.util.Objects;
import java.util.UUID;

/**
 * Names one job in every backend. The library makes UUIDv7 (RFC 9562), so ids sort by time of
 * enqueue; a caller may bring any UUID of its own.
 */
public record JobId(UUID value) implements Comparable<JobId> {

  /** Null is refused. */
  public JobId {
    Objects.requireNonNull(value, "value");
  }

  /**
   * Reads the text form of a UUID.
   *
   * @throws InvalidJobException if {@code text} is not a UUID
   */
  public static JobId parse(String text) {
    try {
      return new JobId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("Not a job id (a UUID): \"" + text + "\"", e);
    }
  }

  /** Orders by the unsigned value of the 128 bits, as SQL databases order a UUID. */
  @Override
  public int compareTo(JobId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  /** The UUID in its text form. */
  @Override
  public String toString() {
    return value.toString();
  }
}
