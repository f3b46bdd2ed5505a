package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.handler.Letter;
import dev.jobs4j.core.internal.handler.Overrides;
import dev.jobs4j.spi.KeptResult;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PayloadCheck;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one pipeline of payloads and results. On the way in: encode, limit, check, encrypt. On the
 * way out: open, check, bring to the handler's version, check again if that changed it, decode.
 * Immutable; its errors never quote content.
 */
public final class Payloads {

  private final Codecs codecs;
  private final Handlers handlers;
  private final Upcasts upcasts;
  private final List<PayloadCheck> checks;
  private final Sealing sealing;
  private final int maxBytes;

  /**
   * A pipeline.
   *
   * @param codecs who writes and reads
   * @param handlers tell which name and type a kind of job has here
   * @param upcasts lead older payloads to the handler's version
   * @param checks what a payload must pass
   * @param sealing encrypts and opens
   * @param maxBytes larger payloads and results are refused
   */
  public Payloads(
      Codecs codecs,
      Handlers handlers,
      Upcasts upcasts,
      List<PayloadCheck> checks,
      Sealing sealing,
      int maxBytes) {
    this.codecs = codecs;
    this.handlers = handlers;
    this.upcasts = upcasts;
    this.checks = List.copyOf(checks);
    this.sealing = sealing;
    this.maxBytes = maxBytes;
  }

  /** A pipeline that only encodes and decodes. */
  public static Payloads of(PayloadCodec codec, int maxBytes) {
    return new Payloads(
        new Codecs(List.of(codec)),
        new Handlers(List.of()),
        new Upcasts(),
        List.of(),
        new Sealing(null),
        maxBytes);
  }

  /**
   * Makes the payload of a job.
   *
   * @throws InvalidJobException if it cannot be stored so that it can be read back
   */
  public Payload write(JobType<?> type, Object value, JobId id, @Nullable String tenant) {
    Payload payload = encode(codecs.writing(type.payloadType()), value);
    limit("payload of type " + type.name(), payload);
    String name = registered(type.name());
    checks.forEach(check -> check.check(name, type.version(), payload));
    Place place = new Place(Place.PAYLOAD, id, type.name(), type.version(), tenant);
    return sealing.seal(place, name, payload);
  }

  /**
   * Makes another payload for a dead letter.
   *
   * @throws InvalidJobException if it is of another kind of job, or cannot be stored so that it can
   *     be read back
   */
  public Payload rewrite(DeadLetter letter, JobType<?> type, Object value) {
    String name = registered(letter.type());
    if (!registered(type.name()).equals(name)) {
      throw new InvalidJobException(
          "payload is one of " + type.name() + ", dead letter " + letter.id() + " is of " + name);
    }
    Payload payload = encode(codecs.writing(type.payloadType()), value);
    limit("payload of type " + letter.type(), payload);
    checks.forEach(check -> check.check(name, type.version(), payload));
    return sealing.seal(place(letter, type.version()), name, payload);
  }

  /**
   * The same from bytes in the format and version of the letter; a handler that is known here must
   * be able to read them.
   *
   * @throws InvalidJobException if they are refused
   */
  public Payload rewrite(DeadLetter letter, byte[] bytes) {
    String name = registered(letter.type());
    Payload payload = new Payload(Sealing.clearCodec(letter.codec()), bytes);
    limit("payload of type " + letter.type(), payload);
    checks.forEach(check -> check.check(name, letter.typeVersion(), payload));
    try {
      handlers.of(letter.type()).ifPresent(h -> decode(h, letter.typeVersion(), payload));
    } catch (UnreadablePayloadException e) {
      throw new InvalidJobException(
          "payload cannot be read by the handler of " + name + ": " + e.getMessage(), e);
    }
    return sealing.seal(place(letter, letter.typeVersion()), name, payload);
  }

  private static Place place(DeadLetter letter, int version) {
    return new Place(
        Place.PAYLOAD, letter.id(), letter.type(), version, letter.tenant().orElse(null));
  }

  /**
   * The payload of a job for the same job under another id: what is encrypted belongs to its job,
   * so it is opened and encrypted anew.
   *
   * @throws UnreadablePayloadException if it cannot be opened
   */
  public Payload move(NewJob job, JobId to) {
    String name = registered(job.type());
    Payload clear = sealing.open(place(job, job.id()), name, job.payload());
    return sealing.seal(place(job, to), name, clear);
  }

  private static Place place(NewJob job, JobId id) {
    return new Place(Place.PAYLOAD, id, job.type(), job.typeVersion(), job.tenant());
  }

  /**
   * Makes the result that a job leaves.
   *
   * @throws InvalidJobException if it cannot be stored
   */
  public Payload writeResult(LeasedJob job, Object value) {
    Payload payload = encode(codecs.writing(value.getClass()), value);
    limit("result", payload);
    Place place = result(job.id(), job.type(), job.tenant());
    return sealing.seal(place, registered(job.type()), payload);
  }

  /**
   * The result that a job left.
   *
   * @throws UnreadablePayloadException if it cannot be opened or is no such value
   */
  public Object readResult(Job job, Payload stored, Type type) {
    return readResult(job.id(), job.type(), job.tenant().orElse(null), stored, type);
  }

  /** The same. */
  public Object readResult(KeptResult of, Payload stored, Type type) {
    return readResult(of.id(), of.type(), of.tenant(), stored, type);
  }

  private Object readResult(
      JobId id, String jobType, @Nullable String tenant, Payload stored, Type type) {
    Payload payload = sealing.open(result(id, jobType, tenant), registered(jobType), stored);
    return decoding(() -> codecs.reading(payload.codec()).decode(payload.bytes(), type));
  }

  /**
   * Makes what is kept of a step that a running job has done.
   *
   * @throws InvalidJobException if it cannot be stored
   */
  public Payload writeStep(LeasedJob job, String name, Class<?> type, Object value) {
    Payload payload = encode(codecs.writing(type), value);
    limit("value of step \"" + name + "\"", payload);
    return sealing.seal(step(job, name), registered(job.type()), payload);
  }

  /**
   * What a step left.
   *
   * @throws UnreadablePayloadException if it cannot be opened or is no such value
   */
  public Object readStep(LeasedJob job, String name, Payload stored, Class<?> type) {
    Payload payload = sealing.open(step(job, name), registered(job.type()), stored);
    return decoding(() -> type.cast(codecs.reading(payload.codec()).decode(payload.bytes(), type)));
  }

  /** The name is part of the place: no step's value opens as that of another. */
  private static Place step(LeasedJob job, String name) {
    return new Place(Place.STEP + name, job.id(), job.type(), 0, job.tenant());
  }

  /** A job succeeds once, so there is no other version of its result that could be put in place. */
  private static Place result(JobId id, String type, @Nullable String tenant) {
    return new Place(Place.RESULT, id, type, 0, tenant);
  }

  private String registered(String type) {
    return handlers.of(type).map(Handler::type).orElse(type);
  }

  /** The unique key as the store gets it. */
  public UniqueKey blind(UniqueKey key) {
    return sealing.blind(key);
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
   *     would not help. What a key provider throws passes through: another attempt may
   */
  public Decoded read(LeasedJob job, Handler handler) {
    decoding(
        () -> {
          Overrides.check(job);
          return job;
        });
    if (handler.payloadType() == null) {
      return Decoded.NOTHING;
    }
    if (handler.payloadType() == Letter.class) {
      return readLetter(job);
    }
    Place place = new Place(Place.PAYLOAD, job.id(), job.type(), job.typeVersion(), job.tenant());
    return decode(handler, job.typeVersion(), sealing.open(place, handler.type(), job.payload()));
  }

  /** Makes the payload of the job that looks after a dead letter; what is sealed stays so. */
  public Payload writeLetter(DeadLetter letter) {
    return encode(codecs.writing(StoredLetter.class), StoredLetter.of(letter));
  }

  /**
   * The letter, its payload as the job's own handler would get it, and what that must not tell. The
   * envelope itself is in clear like any record of a failure.
   */
  private Decoded readLetter(LeasedJob job) {
    DeadLetter letter =
        decoding(
            () -> {
              PayloadCodec codec = codecs.reading(job.payload().codec());
              Object stored = codec.decode(job.payload().bytes(), StoredLetter.class);
              return ((StoredLetter) stored).letter();
            });
    Payload payload = new Payload(letter.codec(), letter.payload());
    try {
      Handler handler = handlers.of(letter.type(), letter.typeVersion()).orElse(null);
      if (handler != null && handler.payloadType() != null) {
        Place place = place(letter, letter.typeVersion());
        Payload clear = sealing.open(place, handler.type(), payload);
        Decoded decoded = decode(handler, letter.typeVersion(), clear);
        return new Decoded(new Letter(letter, decoded.value()), decoded.secrets());
      }
    } catch (UnreadablePayloadException e) { // it may have died of that
      return new Decoded(new Letter(letter, null), Secrets.NONE);
    }
    return new Decoded(new Letter(letter, null), Secrets.NONE);
  }

  private Decoded decode(Handler handler, int version, Payload payload) {
    Type type = handler.payloadType();
    if (type == null) {
      return Decoded.NOTHING;
    }
    return decoding(
        () -> {
          PayloadCodec codec = codecs.reading(payload.codec());
          check(handler, version, payload);
          byte[] bytes = current(payload, version, handler, codec);
          Secrets secrets = new Secrets(() -> codec.secrets(bytes, type));
          return new Decoded(codec.decode(bytes, type), secrets);
        });
  }

  private static <T> T decoding(Supplier<T> work) {
    try {
      return work.get();
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
  private byte[] current(Payload payload, int from, Handler handler, PayloadCodec codec) {
    byte[] bytes = payload.bytes();
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
