package dev.jobs4j.api;

import java.time.Instant;

/**
 * Dead letters of one cause; see {@link Failure#fingerprint}.
 *
 * @param fingerprint what they have in common
 * @param letters how many they are
 * @param firstDiedAt when the first of them was given up, by the store's clock
 * @param lastDiedAt when the last of them was
 * @param sample the one that was given up last
 * @param failure its error
 */
public record DeadLetterGroup(
    String fingerprint,
    long letters,
    Instant firstDiedAt,
    Instant lastDiedAt,
    JobId sample,
    Failure failure) {}
