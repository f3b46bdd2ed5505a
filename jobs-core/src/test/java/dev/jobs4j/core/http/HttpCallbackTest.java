package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.OK;
import static dev.jobs4j.core.http.Callbacks.calling;
import static dev.jobs4j.core.http.Callbacks.failure;
import static dev.jobs4j.core.http.Callbacks.rejection;
import static dev.jobs4j.core.http.Callbacks.url;
import static dev.jobs4j.core.http.Callbacks.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.core.http.Receiver.Request;
import dev.jobs4j.core.json.JacksonPayloadCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, and what an answer means. */
class HttpCallbackTest {

  private static HttpCallback decoded(String json) {
    return (HttpCallback)
        JacksonPayloadCodec.create()
            .decode(json.getBytes(StandardCharsets.UTF_8), HttpCallback.class);
  }

  private static String encoded(HttpCallback callback) {
    return new String(JacksonPayloadCodec.create().encode(callback), StandardCharsets.UTF_8);
  }

  @Test
  void anObjectIsPostedAsJsonToTheLastDigit() throws Exception {
    String data =
        "{\"param1\":\"data1\",\"sum\":12.50,\"big\":12345678901234567890.123456789,"
            + "\"n\":123456789012345678901,\"list\":[1,true,null,{}],\"é\":\"😀\"}";
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallback callback = decoded("{\"url\":\"" + url(receiver) + "\",\"data\":" + data + "}");
      assertThat(encoded(callback))
          .isEqualTo("{\"url\":\"" + url(receiver) + "\",\"data\":" + data + "}");
      TestAttempt attempt = new TestAttempt();
      Object result = calling(receiver).build().execute(callback, attempt);

      assertThat(result).isInstanceOf(HttpCallbackResult.class);
      assertThat(((HttpCallbackResult) result).status()).isEqualTo(200);
      assertThat(((HttpCallbackResult) result).body()).isNull();
      Request request = receiver.requests.take();
      assertThat(request.line()).isEqualTo("POST /hook HTTP/1.1");
      assertThat(request.text()).isEqualTo(data);
      assertThat(request.headers())
          .containsOnly(
              Map.entry("host", "receiver.test:" + receiver.port()),
              Map.entry("connection", "close"),
              Map.entry("user-agent", "Jobs4j"),
              Map.entry("content-type", "application/json"),
              Map.entry("content-length", "" + data.getBytes(StandardCharsets.UTF_8).length),
              Map.entry("idempotency-key", attempt.jobId().toString()),
              Map.entry("job-attempt", "3"));
    }
  }

  @Test
  void aStringIsSentAsItIs() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallback callback =
          decoded("{\"url\":\"" + url(receiver) + "\",\"data\":\"{\\\"a\\\": é}\"}");
      calling(receiver).build().execute(callback, new TestAttempt());
      Request request = receiver.requests.take();
      assertThat(request.text()).isEqualTo("{\"a\": é}");
      assertThat(request.headers()).containsEntry("content-type", "text/plain; charset=UTF-8");

      with(receiver, CallbackOptions.builder().textType("application/json"))
          .execute(callback, new TestAttempt());
      assertThat(receiver.requests.take().headers())
          .containsEntry("content-type", "application/json");
      calling(receiver)
          .build()
          .execute(callback.withHeader("Content-type", "text/xml"), new TestAttempt());
      assertThat(receiver.requests.take().headers()).containsEntry("content-type", "text/xml");
    }
  }

  @Test
  void withoutDataThereIsNoBody() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      calling(receiver).build().execute(HttpCallback.post(url(receiver), null), new TestAttempt());
      Request request = receiver.requests.take();
      assertThat(request.headers())
          .containsEntry("content-length", "0")
          .doesNotContainKeys("content-type", "transfer-encoding");
    }
  }

  @Test
  void pathAndQueryAreSentAsWritten() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      String path = "//a/../b;c=d?e=%0d%0af&g=http://h/";
      calling(receiver)
          .build()
          .execute(
              HttpCallback.post("http://receiver.test:" + receiver.port() + path, 1),
              new TestAttempt());
      Request request = receiver.requests.take();
      assertThat(request.line()).isEqualTo("POST " + path + " HTTP/1.1");
      assertThat(request.text()).isEqualTo("1");
    }
  }

  @Test
  void onlyAllowedMethodsAreUsed() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallback put = HttpCallback.post(url(receiver), "x").withMethod("PUT");
      assertThat(rejection(calling(receiver).build(), put))
          .endsWith("was not called: its method is not allowed, only [POST]");
      HttpCallback smuggled = put.withMethod("POST / HTTP/1.1\r\nX: y\r\n\r\nPOST");
      assertThat(rejection(calling(receiver).build(), smuggled))
          .startsWith("(unreadable method) http://receiver.test");
      assertThat(receiver.connections()).isZero();

      HttpCallbackExecutor wide = with(receiver, CallbackOptions.builder().methods("PUT", "GET"));
      wide.execute(put, new TestAttempt());
      assertThat(receiver.requests.take().line()).isEqualTo("PUT /hook HTTP/1.1");
      assertThat(rejection(wide, put.withMethod("GET"))).endsWith("GET sends no data");
      wide.execute(HttpCallback.post(url(receiver), null).withMethod("GET"), new TestAttempt());
      assertThat(receiver.requests.take().line()).isEqualTo("GET /hook HTTP/1.1");
    }
    assertThatThrownBy(() -> CallbackOptions.builder().methods("CONNECT").build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("methods must be some of [DELETE, GET, PATCH, POST, PUT], was [CONNECT]");
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer secret",
    "X-Forwarded-For, 127.0.0.1",
    "Host, evil.test",
    "Content-Length, 999999",
    "Transfer-Encoding, chunked",
    "Idempotency-Key, other",
    "Cookie, a=b"
  })
  void aHeaderThatIsNotAllowedIsRefused(String name, String value) throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      assertThat(
              rejection(
                  calling(receiver).build(),
                  HttpCallback.post(url(receiver), "x").withHeader(name, value)))
          .contains("a header \"" + name + "\" is not allowed, only [accept, content-type,")
          .doesNotContain(value);
      assertThat(receiver.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: y", "a\nX: y", "a\rX", "a\u0000", "é", " a", "a ", "a\u0085"})
  void aHeaderCannotBreakItsLine(String value) throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      assertThat(
              rejection(
                  calling(receiver).build(),
                  HttpCallback.post(url(receiver), "x").withHeader("Accept", value)))
          .contains("header accept must hold visible ASCII only and no line break");
      assertThat(
              rejection(
                  calling(receiver).build(),
                  HttpCallback.post(url(receiver), "x").withHeader("Accept: a" + value, "b")))
          .contains("a header with that name is not allowed");
      assertThat(receiver.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Host", "content-length", "Proxy-Authorization", "Job-Signature", "X: y", "", "é"})
  void aHeaderThatIsOursCannotBeLeftToJobs(String name) {
    assertThatThrownBy(() -> CallbackOptions.builder().headers(name).build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("headers: \"" + name + "\" cannot be left to a job");
  }

  @Test
  void aHeaderThatIsAllowedIsSent() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      with(receiver, CallbackOptions.builder().headers("Authorization"))
          .execute(
              HttpCallback.post(url(receiver), "x").withHeader("authorization", "Bearer the job's"),
              new TestAttempt());
      assertThat(receiver.requests.take().headers())
          .containsEntry("authorization", "Bearer the job's");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void anAnswerOf2xxEndsTheJobWell(int status) throws Exception {
    try (Receiver receiver = Receiver.answering("HTTP/1.1 " + status + " x\r\n\r\n")) {
      Object result =
          calling(receiver).build().execute(HttpCallback.post(url(receiver), 1), new TestAttempt());
      assertThat(((HttpCallbackResult) result).status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 501, 502, 503, 504, 599})
  void aBusyOrBrokenReceiverFailsTheAttempt(int status) throws Exception {
    try (Receiver receiver =
        Receiver.answering("HTTP/1.1 " + status + " secret\r\nContent-Length: 0\r\n\r\n")) {
      HttpCallbackException error =
          failure(calling(receiver).build(), HttpCallback.post(url(receiver), 1));
      assertThat(error).hasMessage("POST " + url(receiver) + " answered " + status);
      assertThat(error.status()).hasValue(status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410, 413, 422, 451})
  void aRefusalByTheReceiverIsADeadLetter(int status) throws Exception {
    try (Receiver receiver =
        Receiver.answering("HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(rejection(calling(receiver).build(), HttpCallback.post(url(receiver), 1)))
          .isEqualTo("POST " + url(receiver) + " answered " + status);
      assertThat(receiver.connections()).as("no login was tried").isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "120, PT2M",
    "7200, PT1H",
    "999999999999999999, PT1H",
    "'Sun, 22 Nov 2026 02:31:00 GMT', PT1M",
    "'Sat, 22 Nov 2036 02:31:00 GMT', PT1H"
  })
  void aBusyReceiverSaysWhenToComeBack(String header, Duration expected) throws Exception {
    Instant now = Instant.parse("2026-11-22T02:30:00Z");
    try (Receiver receiver = Receiver.answering(busy(header))) {
      assertThat(
              calling(receiver)
                  .clock(() -> now)
                  .build()
                  .execute(HttpCallback.post(url(receiver), 1), new TestAttempt()))
          .isEqualTo(JobOutcome.retry(expected, "POST " + url(receiver) + " answered 503"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "soon", "1e9", "Sun, 22 Nov 2026 02:29:00 GMT", ""})
  void aTimeThatIsNoneIsLeftToTheRetryPolicy(String header) throws Exception {
    Instant now = Instant.parse("2026-11-22T02:30:00Z");
    try (Receiver receiver = Receiver.answering(busy(header))) {
      assertThat(
              failure(
                  calling(receiver).clock(() -> now).build(), HttpCallback.post(url(receiver), 1)))
          .hasMessage("POST " + url(receiver) + " answered 503");
    }
  }

  private static String busy(String retryAfter) {
    return "HTTP/1.1 503 x\r\nRetry-After: " + retryAfter + "\r\nContent-Length: 0\r\n\r\n";
  }

  @Test
  void theBodyIsKeptWhenAskedForAndReadInItsCharacterSet() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Type: text/plain";
    try (Receiver utf8 = Receiver.answering(head + "\r\n\r\nöö");
        Receiver latin = Receiver.answering(head + "; charset=ISO-8859-1\r\n\r\nöö")) {
      CallbackOptions.Builder keep = CallbackOptions.builder().keepResponse(true);
      assertThat(with(utf8, keep).execute(HttpCallback.post(url(utf8), 1), new TestAttempt()))
          .hasFieldOrPropertyWithValue("body", "öö")
          .hasFieldOrPropertyWithValue("truncated", false);
      assertThat(with(latin, keep).execute(HttpCallback.post(url(latin), 1), new TestAttempt()))
          .hasFieldOrPropertyWithValue("body", "Ã¶Ã¶");
    }
  }

  @Test
  void aBodyThatIsTooLargeIsNotSent() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor small = with(receiver, CallbackOptions.builder().maxRequestBytes(3));
      small.execute(HttpCallback.post(url(receiver), "abc"), new TestAttempt());
      assertThat(rejection(small, HttpCallback.post(url(receiver), "abcd")))
          .endsWith("was not called: data has 4 bytes, maxRequestBytes is 3");
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void whatAStoredPayloadLacksIsNamed() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor = calling(receiver).build();
      assertThat(rejection(executor, decoded("{\"data\":1}"))).endsWith("url is missing");
      assertThat(
              rejection(
                  executor,
                  decoded("{\"url\":\"" + url(receiver) + "\",\"headers\":{\"accept\":null}}")))
          .endsWith("header accept has no value");
    }
    assertThat(decoded("{\"url\":\"x\",\"data\":null,\"more\":1}"))
        .isEqualTo(HttpCallback.post("x", null));
    assertThat(decoded("{\"url\":\"x\",\"data\":[1.0]}").data()).asString().isEqualTo("[1.0]");
    assertThatThrownBy(() -> HttpCallback.post(" ", null))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("url is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connectTimeout",
        "responseTimeout",
        "totalTimeout",
        "maxRetryAfter",
        "maxRequestBytes",
        "maxResponseBytes",
        "textType"
      })
  void aWrongOptionIsNamed(String option) {
    CallbackOptions.Builder builder = CallbackOptions.builder();
    switch (option) {
      case "connectTimeout" -> builder.connectTimeout(Duration.ZERO);
      case "responseTimeout" -> builder.responseTimeout(Duration.ofSeconds(-1));
      case "totalTimeout" -> builder.totalTimeout(Duration.ZERO);
      case "maxRetryAfter" -> builder.maxRetryAfter(Duration.ZERO);
      case "maxRequestBytes" -> builder.maxRequestBytes(-1);
      case "maxResponseBytes" -> builder.maxResponseBytes(-1);
      default -> builder.textType("a\nb");
    }
    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith(option + " must ");
  }

  @Test
  void eachTenantHasItsOwnTargets() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allowByTenant(
                  tenant ->
                      tenant.equals(Optional.of("acme"))
                          ? List.of(Callbacks.target(receiver))
                          : List.of())
              .build();
      HttpCallback callback = HttpCallback.post(url(receiver), 1);
      assertThat(executor.execute(callback, new TestAttempt("acme")))
          .isInstanceOf(HttpCallbackResult.class);
      assertThat(executor.execute(callback, new TestAttempt("other")).toString())
          .contains("no target allows its scheme, host and port");
      assertThat(executor.execute(callback, new TestAttempt()).toString())
          .contains("no target allows its scheme, host and port");
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }
}
