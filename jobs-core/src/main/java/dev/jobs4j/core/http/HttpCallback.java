package dev.jobs4j.core.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Sensitive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request that a job makes: {@code {"url": "https://…", "data": {…}}} in JSON, with {@code
 * method} and {@code headers} if they matter. Immutable, except for what {@code data} holds.
 *
 * @param url where to
 * @param data the body: a string is sent as it is, in UTF-8; null sends none; anything else is sent
 *     as JSON, numbers to the last digit
 * @param method the HTTP method; null means POST
 * @param headers more header fields, which the executor must allow by name; masked where a payload
 *     is shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpCallback(
    String url,
    @JsonDeserialize(using = ExactData.class) @Nullable Object data,
    @Nullable String method,
    @Sensitive @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable String> headers) {

  /**
   * Copies the headers; null stands for none. What a stored payload lacks is told by the executor,
   * whose dead letter says more than that the payload could not be decoded.
   */
  public HttpCallback {
    url = url == null ? "" : url;
    headers =
        headers == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /**
   * Posts {@code data} to {@code url}.
   *
   * @throws InvalidJobException if the URL is missing
   */
  public static HttpCallback post(String url, @Nullable Object data) {
    if (url == null || url.isBlank()) {
      throw new InvalidJobException("url is missing");
    }
    return new HttpCallback(url, data, null, Map.of());
  }

  /** The same with another method, such as {@code PUT}. */
  public HttpCallback withMethod(String value) {
    return new HttpCallback(url, data, value, headers);
  }

  /** The same with one header more, or with another value for it. */
  public HttpCallback withHeader(String name, String value) {
    Map<String, @Nullable String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpCallback(url, data, method, more);
  }

  /** Method and URL, without query, user info, body and headers, which may hold secrets. */
  @Override
  public String toString() {
    return "HttpCallback["
        + (method == null ? "POST" : method)
        + " "
        + CallbackUrl.shown(url)
        + "]";
  }
}
