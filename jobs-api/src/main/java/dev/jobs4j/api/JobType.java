package dev.jobs4j.api;

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of job: a registered name, never a class name, the type of its payload, and the version of
 * the shape that this program writes. Immutable; keep one as a constant beside the payload.
 *
 * @param <P> the payload
 */
public final class JobType<P> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}");

  private final String name;
  private final Type payloadType;
  private final @Nullable JobQueue queue;
  private final int version;

  private JobType(String name, Type payloadType, @Nullable JobQueue queue, int version) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidJobException(
          "type must be 1 to 120 of A-Z a-z 0-9 . _ : / - and start with a letter or digit, was \""
              + name
              + "\"");
    }
    this.name = name;
    this.payloadType = Objects.requireNonNull(payloadType, "payloadType");
    this.queue = queue;
    if (version < 1) {
      throw new InvalidJobException("version of type " + name + " must be >= 1, was " + version);
    }
    this.version = version;
  }

  /** The kind of job called {@code name} with payloads of class {@code payload}. */
  public static <P> JobType<P> of(String name, Class<P> payload) {
    return new JobType<>(name, payload, null, 1);
  }

  /**
   * The kind of job called {@code name} with payloads of a generic type, such as {@code
   * List<String>}. The caller vouches that {@code P} is that type.
   */
  public static <P> JobType<P> ofGeneric(String name, Type payload) {
    return new JobType<>(name, payload, null, 1);
  }

  /** The same kind, enqueued to {@code queue} unless a request names another. */
  public JobType<P> onQueue(String queueName) {
    return new JobType<>(name, payloadType, JobQueue.of(queueName), version);
  }

  /**
   * The same kind in another version of its payload's shape, from 1. A job of this version is left
   * to engines whose handler reads this version or a later one; so roll the handlers out first. It
   * must be the handler's where both name the same class: an enqueue that says otherwise is refused
   * by a node that has the handler.
   */
  public JobType<P> version(int value) {
    return new JobType<>(name, payloadType, queue, value);
  }

  /** The registered name. */
  public String name() {
    return name;
  }

  /** What the payload is decoded to. */
  public Type payloadType() {
    return payloadType;
  }

  /** The version of the payload's shape, 1 if nothing was said. */
  public int version() {
    return version;
  }

  /** Where requests of this type go when they name no queue themselves. */
  public Optional<JobQueue> queue() {
    return Optional.ofNullable(queue);
  }

  /** A request to run one job of this kind; say more about it with the request's own methods. */
  public JobRequest<P> request(P payload) {
    return JobRequest.of(this, payload);
  }

  /** The name and the payload type. */
  @Override
  public String toString() {
    return name + "(" + payloadType.getTypeName() + ")";
  }
}
