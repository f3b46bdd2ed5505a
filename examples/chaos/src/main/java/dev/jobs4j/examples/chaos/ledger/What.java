package dev.jobs4j.examples.chaos.ledger;

/** What a line of a ledger tells. */
public enum What {
  /** An enqueue is about to be sent; the detail is its unique key, line or limit. */
  ENQ_TRY,
  /** It was acknowledged: the job must not be lost. */
  ENQ_ACK,
  /** It was refused or rolled back: the job must not be there. */
  ENQ_ERR,
  /** Nobody knows; the job may be there. */
  ENQ_UNKNOWN,
  /** A handler has begun. */
  START,
  /** It has had its effect. */
  EFFECT,
  /** It has ended; the detail says how. */
  END,
  /** Its success was accepted. */
  DONE_OK,
  /** Its failure was accepted, and another attempt follows. */
  RETRIED,
  /** Its giving up was accepted. */
  DIED,
  /** It was given back, and that was accepted. */
  RELEASED,
  /** Its lease was lost, so its ending counted for nothing. */
  LOST,
  /** A fault begins; the job is its kind, the detail its target. */
  FAULT,
  /** It is over. */
  HEALED
}
