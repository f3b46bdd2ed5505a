package dev.jobs4j.spi;

import dev.jobs4j.api.DeadReason;
import java.time.Duration;

/**
 * What a change is called in the audit, the same in every store; never more of a payload than its
 * size.
 */
public final class AuditWords {

  private AuditWords() {}

  /** Of a letter that waits for another run. */
  public static String redriven(Duration delay) {
    return "due after " + delay;
  }

  /** Of a letter whose payload was replaced. */
  public static String edited(Payload before, int versionBefore, Payload after, int versionAfter) {
    return payload(before, versionBefore) + " became " + payload(after, versionAfter);
  }

  private static String payload(Payload payload, int version) {
    return payload.bytes().length + " bytes of " + payload.codec() + ", version " + version;
  }

  /** Of a letter that was deleted. */
  public static String discarded(DeadReason reason, String errorClass, String fingerprint) {
    return "died of " + reason + ", " + errorClass + ", fingerprint " + fingerprint;
  }
}
