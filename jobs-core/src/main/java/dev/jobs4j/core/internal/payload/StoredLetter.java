package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as the payload of the job that looks after it. What was encrypted in it still is.
 */
public record StoredLetter(
    String id,
    String type,
    int typeVersion,
    String queue,
    String reason,
    String errorClass,
    String message,
    String stack,
    int attempt,
    byte[] payload,
    String codec,
    String diedAt,
    @Nullable String source,
    @Nullable String tenant,
    List<String> tags,
    String fingerprint) {

  static StoredLetter of(DeadLetter letter) {
    return new StoredLetter(
        letter.id().toString(),
        letter.type(),
        letter.typeVersion(),
        letter.queue().name(),
        letter.reason().name(),
        letter.failure().errorClass(),
        letter.failure().message(),
        letter.failure().stack(),
        letter.attempt(),
        letter.payload(),
        letter.codec(),
        letter.diedAt().toString(),
        letter.source(),
        letter.onBehalfOf(),
        List.copyOf(letter.tags()),
        letter.fingerprint());
  }

  DeadLetter letter() {
    return new DeadLetter(
        JobId.parse(id),
        type,
        JobQueue.of(queue),
        DeadReason.valueOf(reason),
        new Failure(errorClass, message, stack),
        attempt,
        payload,
        codec,
        Instant.parse(diedAt),
        source,
        typeVersion,
        tenant,
        Set.copyOf(tags),
        fingerprint);
  }
}
