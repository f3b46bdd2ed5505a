package dev.jobs4j.core.internal.schedule;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** The jobs that recurring jobs enqueue. */
public final class FiringJobs {

  private static final String FIRING = "jobs.firing";
  private static final String KEY = "jobs.schedule/";

  private final Payloads payloads;
  private final DoubleSupplier random;

  /**
   * Makes jobs.
   *
   * @param payloads encrypts the payload of each, if that is due
   * @param random places runs within their jitter, 0 to 1
   */
  public FiringJobs(Payloads payloads, DoubleSupplier random) {
    this.payloads = payloads;
    this.random = random;
  }

  /** The job of a firing; the same firing gives the same id on every engine. */
  NewJob of(ScheduleDefinition definition, Overlap overlap, Instant firing) {
    Duration late = late(definition.jitter());
    NewJob job = of(definition, id(definition.name(), firing));
    Map<String, String> headers = new HashMap<>(job.headers());
    headers.put(FIRING, firing.toString());
    return job.toBuilder()
        .mayExist(true)
        .uniqueKey(key(definition.name(), overlap))
        .due(late.isZero() ? Due.now() : new Due.At(firing.plus(late)))
        .expires(expires(job, late))
        .headers(headers)
        .build();
  }

  /** The job of a run beside the firings. */
  NewJob now(ScheduleDefinition definition, Overlap overlap, JobId id) {
    return of(definition, id).toBuilder().uniqueKey(key(definition.name(), overlap)).build();
  }

  private NewJob of(ScheduleDefinition definition, JobId id) {
    NewJob template = definition.job().toBuilder().id(template(definition.name())).build();
    return template.toBuilder().id(id).payload(payloads.move(template, id)).build();
  }

  private Duration late(Duration jitter) {
    return Duration.ofMillis((long) (jitter.toMillis() * random.getAsDouble()));
  }

  private static @Nullable Due expires(NewJob job, Duration late) {
    return job.expires() instanceof Due.In in ? new Due.In(in.delay().plus(late)) : job.expires();
  }

  /** A run holds the key until it has ended, whatever its end. */
  private static @Nullable UniqueKey key(String name, Overlap overlap) {
    return overlap == Overlap.ALLOW ? null : new UniqueKey(KEY + name, Duration.ZERO);
  }

  /** The firing that a job was enqueued for, by its headers. */
  public static Optional<Instant> firing(Map<String, String> headers) {
    String text = headers.get(FIRING);
    try {
      return text == null ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // somebody else's header
    }
  }

  /** The id to which an encrypted payload belongs while it lies with its recurring job. */
  static JobId template(String schedule) {
    return id(schedule, Instant.EPOCH);
  }

  /** Shaped as a UUIDv7 of the firing, so that ids lie in a table in the order of their time. */
  static JobId id(String schedule, Instant firing) {
    ByteBuffer hash = ByteBuffer.wrap(sha256(schedule + "\n" + firing));
    long high = (firing.toEpochMilli() << 16) | 0x7000 | (hash.getLong() & 0xFFF);
    long low = (hash.getLong() >>> 2) | Long.MIN_VALUE;
    return new JobId(new UUID(high, low));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
