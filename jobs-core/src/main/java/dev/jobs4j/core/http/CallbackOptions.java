package dev.jobs4j.core.http;

import static dev.jobs4j.core.config.Durations.requirePositive;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.util.Set;

/**
 * How callbacks are made, whatever their target. Immutable; take {@link #defaults()} or a builder.
 *
 * @param connectTimeout the longest wait for a connection to one address
 * @param responseTimeout the longest silence of the receiver, and the longest it may refuse to take
 *     more of the request
 * @param totalTimeout the longest a call may take from its start, however busy it is
 * @param maxRequestBytes the largest body that is sent, in bytes
 * @param maxResponseBytes how much of the answer's body is read, in bytes
 * @param keepResponse whether that much of the body becomes part of the job's result
 * @param maxRetryAfter the longest delay that a receiver may ask for; a longer one is cut to it
 * @param methods the methods that a job may name
 * @param headers the header fields that a job may name, in any case
 * @param textType the Content-Type of a body that is a string, unless the job names one
 */
public record CallbackOptions(
    Duration connectTimeout,
    Duration responseTimeout,
    Duration totalTimeout,
    int maxRequestBytes,
    int maxResponseBytes,
    boolean keepResponse,
    Duration maxRetryAfter,
    Set<String> methods,
    Set<String> headers,
    String textType) {

  /** Checks the ranges; an error names the component. */
  public CallbackOptions {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("responseTimeout", responseTimeout);
    requirePositive("totalTimeout", totalTimeout);
    requirePositive("maxRetryAfter", maxRetryAfter);
    requireNotNegative("maxRequestBytes", maxRequestBytes);
    requireNotNegative("maxResponseBytes", maxResponseBytes);
    methods = RequestHead.checkedMethods(methods);
    headers = RequestHead.checkedNames(headers);
    RequestHead.requireValue("textType", textType);
  }

  private static void requireNotNegative(String name, int value) {
    if (value < 0) {
      throw new InvalidJobException(name + " must be >= 0, was " + value);
    }
  }

  /**
   * 5 s to connect, 30 s in all; 1 MiB out, 64 KiB in, of which nothing is kept; POST with {@code
   * Accept}, {@code Content-Type} and trace headers.
   */
  public static CallbackOptions defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Fills options. Not thread-safe. */
  public static final class Builder {
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration responseTimeout = Duration.ofSeconds(30);
    private Duration totalTimeout = Duration.ofSeconds(30);
    private int maxRequestBytes = 1024 * 1024;
    private int maxResponseBytes = 64 * 1024;
    private boolean keepResponse;
    private Duration maxRetryAfter = Duration.ofHours(1);
    private Set<String> methods = Set.of("POST");
    private Set<String> headers = Set.of("accept", "content-type", "traceparent", "tracestate");
    private String textType = "text/plain; charset=UTF-8";

    private Builder() {}

    /** Sets the longest wait for a connection. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    /** Sets the longest silence. */
    public Builder responseTimeout(Duration value) {
      responseTimeout = value;
      return this;
    }

    /** Sets the longest call. */
    public Builder totalTimeout(Duration value) {
      totalTimeout = value;
      return this;
    }

    /** Sets the largest body that is sent, in bytes. */
    public Builder maxRequestBytes(int value) {
      maxRequestBytes = value;
      return this;
    }

    /** Sets how much of an answer is read, in bytes. */
    public Builder maxResponseBytes(int value) {
      maxResponseBytes = value;
      return this;
    }

    /** Sets whether the answer's body becomes part of the job's result. */
    public Builder keepResponse(boolean value) {
      keepResponse = value;
      return this;
    }

    /** Sets the longest delay that a receiver may ask for. */
    public Builder maxRetryAfter(Duration value) {
      maxRetryAfter = value;
      return this;
    }

    /** Sets the methods that a job may name, of POST, PUT, PATCH, DELETE and GET. */
    public Builder methods(String... values) {
      methods = Set.of(values);
      return this;
    }

    /** Sets the header fields that a job may name, in place of the default ones. */
    public Builder headers(String... values) {
      headers = Set.of(values);
      return this;
    }

    /** Sets the Content-Type of a body that is a string. */
    public Builder textType(String value) {
      textType = value;
      return this;
    }

    /** The checked options. */
    public CallbackOptions build() {
      return new CallbackOptions(
          connectTimeout,
          responseTimeout,
          totalTimeout,
          maxRequestBytes,
          maxResponseBytes,
          keepResponse,
          maxRetryAfter,
          methods,
          headers,
          textType);
    }
  }
}
