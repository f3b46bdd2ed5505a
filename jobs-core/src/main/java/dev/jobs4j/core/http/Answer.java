package dev.jobs4j.core.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver answered, its body cut to the limit.
 *
 * @param status 200 to 599
 * @param header the first value of a header field by its name, or null
 * @param body as far as it was read
 * @param truncated whether there was more
 */
record Answer(int status, UnaryOperator<@Nullable String> header, byte[] body, boolean truncated) {

  /** The body in the character set that the answer names, else in UTF-8. */
  String text() {
    ContentType type = ContentType.parseLenient(header.apply("Content-Type"));
    Charset charset = type == null ? null : type.getCharset();
    return new String(body, charset == null ? StandardCharsets.UTF_8 : charset);
  }

  @Nullable String retryAfter() {
    return header.apply("Retry-After");
  }
}
