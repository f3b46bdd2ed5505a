package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.OK;
import static dev.jobs4j.core.http.Callbacks.target;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.jobs4j.api.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A secret in a query, user info, body, header, key or answer is told nowhere, at any log level.
 */
class CallbackSecretsTest {

  private static final String SECRET = "canary4711";

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final StringBuilder told = new StringBuilder();

  @Test
  void noLogErrorOrResultTellsIt() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    root.setLevel(Level.TRACE);
    logged.start();
    root.addAppender(logged);
    try {
      for (String answer :
          List.of(
              OK.replace("ok", SECRET),
              "HTTP/1.1 500 " + SECRET + "\r\n\r\n" + SECRET,
              "HTTP/1.1 404 " + SECRET + "\r\n\r\n" + SECRET,
              "HTTP/1.1 302 x\r\nLocation: /" + SECRET + "\r\n\r\n",
              "HTTP/1.1 200 OK\r\n" + SECRET + "\r\n\r\n",
              "HTTP/1.1 200 OK\r\nContent-Length: " + SECRET + "\r\n\r\n",
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + SECRET + "\r\n\r\n",
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + SECRET + "\r\n",
              SECRET + "\r\n\r\n",
              "")) {
        call(answer);
      }
    } finally {
      root.detachAppender(logged);
      root.setLevel(before);
    }
    assertThat(logged.list).as("something was logged").isNotEmpty();
    for (ILoggingEvent event : logged.list) {
      told.append(event.getFormattedMessage()).append('\n');
      if (event.getThrowableProxy() != null) {
        told.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
    List<String> lines = told.toString().lines().toList();
    assertThat(lines).anyMatch(line -> line.contains("receiver.test"));
    assertThat(lines).filteredOn(line -> line.contains(SECRET)).isEmpty();
  }

  private void call(String answer) throws IOException {
    try (Receiver receiver = Receiver.answering(answer)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(target(receiver).signedBy("k", SECRET.repeat(4).getBytes(UTF_8)))
              .options(
                  CallbackOptions.builder()
                      .headers("authorization")
                      .totalTimeout(Duration.ofSeconds(5))
                      .build())
              .build();
      String base = "receiver.test:" + receiver.port() + "/?" + SECRET;
      for (String url :
          List.of(
              "http://" + base,
              "http://" + SECRET + ":" + SECRET + "@" + base,
              "http://" + base + "#" + SECRET,
              "http://" + base + " " + SECRET,
              "http://" + base + "%" + SECRET,
              "ftp://" + base,
              "http:" + SECRET,
              SECRET)) {
        HttpCallback callback =
            HttpCallback.post(url, Map.of("a", SECRET)).withHeader("Authorization", SECRET);
        told.append(callback).append('\n');
        run(executor, callback);
        run(executor, callback.withHeader("Authorization", SECRET + "\n"));
        run(executor, callback.withHeader("Accept", SECRET));
        run(executor, callback.withHeader(SECRET + ":", "x"));
        run(executor, callback.withMethod(SECRET));
      }
    }
  }

  private void run(HttpCallbackExecutor executor, HttpCallback callback) {
    try {
      told.append(executor.execute(callback, new TestAttempt())).append('\n');
    } catch (Throwable e) {
      Failure failure = Failure.of(e);
      told.append(failure.message()).append('\n').append(failure.stack()).append('\n');
    }
  }
}
