package dev.jobs4j.api;

/** Why a job was given up. */
public enum DeadReason {
  /** Its attempts are used up, or it was too old for another. */
  EXHAUSTED,
  /** Its error is one that the retry policy does not try again. */
  NON_RETRYABLE,
  /** Its payload could not be decoded, or brought to the version of its handler. */
  DECODE,
  /** It took its engine down more often than allowed. */
  CRASH_LOOP,
  /** Its handler said so. */
  REJECTED
}
