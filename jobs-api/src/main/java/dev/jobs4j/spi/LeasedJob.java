package dev.jobs4j.spi;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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
 * @param age how long ago it was stored, by the backend's clock at the claim; zero where the
 *     backend cannot tell
 * @param tenant on whose behalf it runs, or null
 * @param tags words to find it by
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
    Duration age,
    @Nullable String tenant,
    Set<String> tags,
    Map<String, String> headers,
    @Nullable String origin) {}
