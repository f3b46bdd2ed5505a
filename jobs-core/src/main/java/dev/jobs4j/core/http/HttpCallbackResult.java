package dev.jobs4j.core.http;

import org.jspecify.annotations.Nullable;

/**
 * What a delivered callback leaves as the job's result.
 *
 * @param status the receiver's answer, 200 to 299
 * @param millis how long the call took, in milliseconds, the look-up of the name included
 * @param body the answer's body, if {@link CallbackOptions#keepResponse} is set
 * @param truncated whether the body was longer than {@link CallbackOptions#maxResponseBytes}; the
 *     rest was not read
 */
public record HttpCallbackResult(
    int status, long millis, @Nullable String body, boolean truncated) {}
