package dev.jobs4j.api;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job that was given up, with all that is needed to understand it and to run it again.
 *
 * @param id the job
 * @param type the registered name of its kind
 * @param queue the line it stood in
 * @param reason why it was given up
 * @param failure its last error
 * @param attempt the attempts it had
 * @param payload its payload as stored; do not change the array
 * @param codec the name of the codec that wrote the payload
 * @param diedAt when it was given up, by the backend's clock
 * @param source where it came from on a broker (topic, partition and offset; queue and delivery),
 *     null if it was stored here in the first place
 * @param typeVersion the version of its payload's shape
 * @param onBehalfOf the tenant, or null
 * @param tags the words to find it by
 * @param fingerprint what it has in common with others of its cause, as it was computed when the
 *     job was given up; see {@link Failure#fingerprint}
 */
public record DeadLetter(
    JobId id,
    String type,
    JobQueue queue,
    DeadReason reason,
    Failure failure,
    int attempt,
    byte[] payload,
    String codec,
    Instant diedAt,
    @Nullable String source,
    int typeVersion,
    @Nullable String onBehalfOf,
    Set<String> tags,
    String fingerprint) {

  /** Copies the tags. */
  public DeadLetter {
    tags = Set.copyOf(tags);
  }

  /** One of which no more than this is known. */
  public DeadLetter(
      JobId id,
      String type,
      JobQueue queue,
      DeadReason reason,
      Failure failure,
      int attempt,
      byte[] payload,
      String codec,
      Instant diedAt,
      @Nullable String source) {
    this(
        id,
        type,
        queue,
        reason,
        failure,
        attempt,
        payload,
        codec,
        diedAt,
        source,
        1,
        null,
        Set.of(),
        failure.fingerprint());
  }

  /** The same with another payload in the same format. */
  public DeadLetter withPayload(byte[] value) {
    return new DeadLetter(
        id,
        type,
        queue,
        reason,
        failure,
        attempt,
        value,
        codec,
        diedAt,
        source,
        typeVersion,
        onBehalfOf,
        tags,
        fingerprint);
  }

  /** Where it came from on a broker. */
  public Optional<String> origin() {
    return Optional.ofNullable(source);
  }

  /** On whose behalf it ran. */
  public Optional<String> tenant() {
    return Optional.ofNullable(onBehalfOf);
  }

  /** Without the payload, which may be secret. */
  @Override
  public String toString() {
    return "DeadLetter["
        + id
        + " "
        + type
        + " "
        + queue
        + " "
        + reason
        + ": "
        + failure.errorClass()
        + ": "
        + failure.message()
        + "]";
  }
}
