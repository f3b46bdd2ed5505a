/**
 * Calls a URL for a job, safely: {@link dev.jobs4j.core.http.HttpCallbackExecutor} runs a {@link
 * dev.jobs4j.core.http.HttpCallback} against the {@link dev.jobs4j.core.http.CallbackTarget}s that
 * the host allows. Needs {@code org.apache.httpcomponents.core5:httpcore5}, which the host adds.
 * How a receiver checks a signature is in {@code docs/http-callbacks.md}. Read {@code
 * HttpCallbackExecutor} first, then {@code CallbackUrl} and {@code AddressRanges} for what is
 * refused, then {@code Call} for how a request travels.
 */
@NullMarked
package dev.jobs4j.core.http;

import org.jspecify.annotations.NullMarked;
