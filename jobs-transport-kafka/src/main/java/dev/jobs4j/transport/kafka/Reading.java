package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.Payload;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record says of its job.
 *
 * @param attempt the number of the attempt that this delivery is
 * @param notBefore when it is due; null is at once
 * @param origin the address of the record that the job first was
 */
record Reading(
    JobId id,
    String type,
    int typeVersion,
    Payload payload,
    int attempt,
    @Nullable Integer maxAttempts,
    @Nullable String tenant,
    @Nullable Instant notBefore,
    Map<String, String> headers,
    String origin) {}
