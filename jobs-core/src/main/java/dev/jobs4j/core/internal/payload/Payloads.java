package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;

/**
 * The one pipeline of payloads and results. On the way in: encode, limit. On the way out: bring to
 * the handler's version, decode. Immutable; its errors never quote content.
 */
public final class Payloads {

  private final Codecs codecs;
  private final Upcasts upcasts;
  private final int maxBytes;

  /** A pipeline that refuses payloads and results of more than {@code maxBytes} bytes. */
  public Payloads(Codecs codecs, Upcasts upcasts, int maxBytes) {
    this.codecs = codecs;
    this.upcasts = upcasts;
    this.maxBytes = maxBytes;
  }

  /**
   * Makes the payload of a job.
   *
   * @throws InvalidJobException if it cannot be stored so that it can be read back
   */
  public Payload write(JobType<?> type, Object value) {
    Payload payload = encode(codecs.writing(type.payloadType()), value);
    limit("payload of type " + type.name(), payload);
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
   * @throws UnreadablePayloadException if the payload is at fault: another attempt would not help
   */
  public Object read(LeasedJob job, Handler handler) {
    Type type = handler.payloadType();
    if (type == null) {
      return Handler.NO_PAYLOAD;
    }
    try {
      PayloadCodec codec = codecs.reading(job.payload().codec());
      return codec.decode(current(job, handler, codec), type);
    } catch (RuntimeException | StackOverflowError e) { // codecs and upcasters are foreign code
      throw new UnreadablePayloadException(DeadReason.DECODE, e);
    }
  }

  /** The bytes in the version that the handler takes. */
  private byte[] current(LeasedJob job, Handler handler, PayloadCodec codec) {
    byte[] bytes = job.payload().bytes();
    int from = job.typeVersion();
    if (!upcasts.any(handler.type(), from, handler.version())) {
      return bytes;
    }
    return codec.encode(
        upcasts.apply(handler.type(), from, handler.version(), codec.fields(bytes)));
  }
}
