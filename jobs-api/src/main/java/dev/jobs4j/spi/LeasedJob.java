package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A job given out under a lease.
 *
 * @param lease the right to settle this delivery
 * @param id its name
 * @param type the registered name of its kind
 * @param typeVersion the version of its payload's shape
 * @param queue the line it stood in
 * @param payload its encoded payload
 * @param attempt the number of this attempt, from 1
 * @param maxAttempts the attempts it is allowed; null leaves it to the handler's policy
 * @param fencingToken grows with every claim of the job; empty where the backend cannot order them
 * @param suspect whether an engine died while it held this job: it runs apart
 * @param tenant on whose behalf it runs, or null
 * @param headers small text that travels with the job
 * @param origin where it came from on a broker, or null
 */
public record LeasedJob(
    Lease lease,
    JobId id,
    String type,
    int typeVersion,
    JobQueue queue,
    Payload payload,
    int attempt,
    @Nullable Integer maxAttempts,
    OptionalLong fencingToken,
    boolean suspect,
    @Nullable String tenant,
    Map<String, String> headers,
    @Nullable String origin) {}
