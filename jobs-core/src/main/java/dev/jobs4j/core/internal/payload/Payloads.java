package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.handler.Overrides;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PayloadCheck;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;
import java.util.List;

/**
 * The one pipeline of payloads and results. On the way in: encode, limit, check. On the way out:
 * check, bring to the handler's version, check again if that changed it, decode. Immutable; its
 * errors never quote content.
 */
public final class Payloads {

  private final Codecs codecs;
  private final Handlers handlers;
  private final Upcasts upcasts;
  private final List<PayloadCheck> checks;
  private final int maxBytes;

  /**
   * A pipeline.
   *
   * @param codecs who writes and reads
   * @param handlers tell which name and type a kind of job has here
   * @param upcasts lead older payloads to the handler's version
   * @param checks what a payload must pass
   * @param maxBytes larger payloads and results are refused
   */
  public Payloads(
      Codecs codecs, Handlers handlers, Upcasts upcasts, List<PayloadCheck> checks, int maxBytes) {
    this.codecs = codecs;
    this.handlers = handlers;
    this.upcasts = upcasts;
    this.checks = List.copyOf(checks);
    this.maxBytes = maxBytes;
  }

  /** A pipeline that only encodes and decodes. */
  public static Payloads of(PayloadCodec codec, int maxBytes) {
    return new Payloads(
        new Codecs(List.of(codec)), new Handlers(List.of()), new Upcasts(), List.of(), maxBytes);
  }

  /**
   * Makes the payload of a job.
   *
   * @throws InvalidJobException if it cannot be stored so that it can be read back
   */
  public Payload write(JobType<?> type, Object value) {
    Payload payload = encode(codecs.writing(type.payloadType()), value);
    limit("payload of type " + type.name(), payload);
    String name = handlers.of(type.name()).map(Handler::type).orElse(type.name());
    checks.forEach(check -> check.check(name, type.version(), payload));
    return payload;
  }

  /**
   * Makes the result that a job leaves.
   *
   * @throws InvalidJobException if it cannot be stored
   */
  public Payload writeResult(Object value) {
    Payload payload = encode(codecs.writing(value.getClass()), value);
    limit("result", payload);
    return payload;
  }

  private static Payload encode(PayloadCodec codec, Object value) {
    return new Payload(codec.name(), codec.encode(value));
  }

  private void limit(String what, Payload payload) {
    if (payload.bytes().length > maxBytes) {
      throw new InvalidJobException(
          what + " has " + payload.bytes().length + " bytes, maxPayloadBytes is " + maxBytes);
    }
  }

  /**
   * What the handler of a job is given.
   *
   * @throws UnreadablePayloadException if the payload or a header is at fault: another attempt
   *     would not help
   */
  public Decoded read(LeasedJob job, Handler handler) {
    Type type = handler.payloadType();
    try {
      Overrides.check(job);
      if (type == null) {
        return Decoded.NOTHING;
      }
      PayloadCodec codec = codecs.reading(job.payload().codec());
      check(handler, job.typeVersion(), job.payload());
      byte[] bytes = current(job, handler, codec);
      return new Decoded(codec.decode(bytes, type), new Secrets(() -> codec.secrets(bytes, type)));
    } catch (UnreadablePayloadException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) { // codecs and upcasters are foreign code
      throw new UnreadablePayloadException(DeadReason.DECODE, e);
    }
  }

  private void check(Handler handler, int version, Payload payload) {
    try {
      checks.forEach(check -> check.check(handler.type(), version, payload));
    } catch (RuntimeException | StackOverflowError e) { // checks are foreign code
      throw new UnreadablePayloadException(DeadReason.INVALID, e);
    }
  }

  /** The bytes in the version that the handler takes. */
  private byte[] current(LeasedJob job, Handler handler, PayloadCodec codec) {
    byte[] bytes = job.payload().bytes();
    int from = job.typeVersion();
    if (!upcasts.any(handler.type(), from, handler.version())) {
      return bytes;
    }
    byte[] current =
        codec.encode(upcasts.apply(handler.type(), from, handler.version(), codec.fields(bytes)));
    check(handler, handler.version(), new Payload(codec.name(), current));
    return current;
  }

  /** The payload of a kind of job as text for people; all mask if it cannot be told. */
  public String masked(String type, Payload payload) {
    try {
      return codecs
          .reading(payload.codec())
          .masked(payload.bytes(), handlers.of(type).map(Handler::payloadType).orElse(null));
    } catch (RuntimeException | StackOverflowError e) { // codecs are foreign code
      return PayloadCodec.MASK;
    }
  }
}
