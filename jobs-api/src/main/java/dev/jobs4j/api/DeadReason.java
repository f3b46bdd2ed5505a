package dev.jobs4j.api;

/** Why a job was given up. */
public enum DeadReason {
  /** Its attempts are used up, or it was too old for another. */
  EXHAUSTED,
  /** Its error is one that the retry policy does not try again. */
  NON_RETRYABLE,
  /** Its payload could not be decoded, or brought to the version of its handler. */
  DECODE,
  /** Its payload breaks a check, such as its JSON Schema. */
  INVALID,
  /**
   * Its payload is encrypted under a key that is not known here; requeue it when the key is back.
   */
  CRYPTO_KEY_MISSING,
  /**
   * Its payload was not encrypted for this very job: it was changed or moved, or it is in clear
   * where it must not be.
   */
  NOT_AUTHENTIC,
  /** It took its engine down more often than allowed. */
  CRASH_LOOP,
  /** It did not start in time. */
  EXPIRED,
  /** Its handler said so. */
  REJECTED
}
