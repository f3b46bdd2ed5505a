package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import dev.jobs4j.spi.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** Makes the HTTP request of a callback, or says why there can be none. Thread-safe. */
final class RequestBuilder {

  private static final PayloadCodec JSON = JacksonPayloadCodec.create();

  private final CallbackOptions options;
  private final InstantSource clock;
  private final RandomGenerator random;

  RequestBuilder(CallbackOptions options, InstantSource clock, RandomGenerator random) {
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  /** Method and URL for people. */
  static String shown(HttpCallback callback) {
    String method = method(callback);
    return (method.matches("[A-Z]{1,10}") ? method : "(unreadable method)")
        + " "
        + CallbackUrl.shown(callback.url());
  }

  /**
   * The request.
   *
   * @throws InvalidJobException if its method, a header or its body is not allowed
   */
  ClassicHttpRequest of(
      HttpCallback callback, CallbackUrl url, CallbackTarget target, JobContext context) {
    byte[] body = body(callback.data());
    ClassicHttpRequest request =
        new BasicClassicHttpRequest(checkedMethod(callback), null, null, url.requestTarget());
    request.setHeader("Host", url.authority());
    request.setHeader("Connection", "close");
    request.setHeader("User-Agent", "Jobs4j");
    request.setHeader("Content-Length", body.length);
    addContentType(request, callback.data());
    callback
        .headers()
        .forEach(
            (name, value) -> {
              RequestHead.requireAllowed(options, name, value);
              request.setHeader(name, value);
            });
    request.setHeader("Idempotency-Key", context.jobId());
    request.setHeader("Job-Attempt", context.attempt());
    target
        .key()
        .ifPresent(
            key ->
                request.setHeader(
                    "Job-Signature", key.sign(clock.instant(), context.jobId(), nonce(), body)));
    if (body.length > 0) {
      request.setEntity(new ByteArrayEntity(body, (ContentType) null));
    }
    return request;
  }

  private static String method(HttpCallback callback) {
    return callback.method() == null ? "POST" : callback.method();
  }

  private String checkedMethod(HttpCallback callback) {
    String method = method(callback);
    if (!options.methods().contains(method)) {
      throw new InvalidJobException(
          "its method is not allowed, only " + new TreeSet<>(options.methods()));
    }
    if (method.equals("GET") && callback.data() != null) {
      throw new InvalidJobException("GET sends no data");
    }
    return method;
  }

  private byte[] body(@Nullable Object data) {
    if (data == null) {
      return new byte[0];
    }
    byte[] body =
        data instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JSON.encode(data);
    if (body.length > options.maxRequestBytes()) {
      throw new InvalidJobException(
          "data has " + body.length + " bytes, maxRequestBytes is " + options.maxRequestBytes());
    }
    return body;
  }

  private void addContentType(ClassicHttpRequest request, @Nullable Object data) {
    if (data != null) {
      request.setHeader(
          "Content-Type", data instanceof String ? options.textType() : "application/json");
    }
  }

  private String nonce() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
