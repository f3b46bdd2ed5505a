package dev.jobs4j.api;

/** How urgent a job is within its queue; a more urgent due job is claimed first. */
public enum Priority {
  /** Before everything else. */
  CRITICAL,
  /** Before the ordinary. */
  HIGH,
  /** The default. */
  NORMAL,
  /** After the ordinary. */
  LOW,
  /** When nothing else is due. */
  BULK;

  /** 1, the most urgent, to 5; the number that stores keep. */
  public int level() {
    return ordinal() + 1;
  }

  /** The priority with this {@link #level()}; a number out of range is read as its nearest. */
  public static Priority ofLevel(int level) {
    return values()[Math.min(Math.max(level, 1), values().length) - 1];
  }
}
