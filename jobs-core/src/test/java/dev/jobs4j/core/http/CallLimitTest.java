package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.calling;
import static dev.jobs4j.core.http.Callbacks.failure;
import static dev.jobs4j.core.http.Callbacks.target;
import static dev.jobs4j.core.http.Callbacks.url;
import static dev.jobs4j.core.http.Callbacks.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jobs4j.api.JobCancelledException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call ends when it must, whatever the receiver does. A minute is for ever here. */
@Timeout(60)
class CallLimitTest {

  private static final Duration FOR_EVER = Duration.ofHours(1);

  private static CallbackOptions.Builder patient() {
    return CallbackOptions.builder()
        .connectTimeout(FOR_EVER)
        .responseTimeout(FOR_EVER)
        .totalTimeout(FOR_EVER);
  }

  private static void forEver(Socket connection) throws Exception {
    connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    new CountDownLatch(1).await();
  }

  /** Sends {@code piece} again and again, always in less than any silence that is allowed. */
  private static Receiver trickling(String start, String piece) throws Exception {
    return Receiver.playing(
        (connection, requests) -> {
          requests.add(Receiver.read(connection.getInputStream()));
          OutputStream out = connection.getOutputStream();
          out.write(start.getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write(piece.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Thread.sleep(20);
          }
        });
  }

  private static void isCutAfterItsTotalTime(Receiver receiver) {
    HttpCallbackExecutor executor =
        with(
            receiver,
            patient().responseTimeout(Duration.ofSeconds(20)).totalTimeout(Duration.ofMillis(500)));
    assertThat(failure(executor, HttpCallback.post(url(receiver), 1)))
        .hasMessageContaining("the call took longer than totalTimeout PT0.5S")
        .extracting(HttpCallbackException::status)
        .isEqualTo(OptionalInt.empty());
  }

  @Test
  void aStatusLineThatTricklesIsCut() throws Exception {
    try (Receiver receiver = trickling("HTTP/1.1 200 ", "x")) {
      isCutAfterItsTotalTime(receiver);
    }
  }

  @Test
  void headersThatTrickleAreCut() throws Exception {
    try (Receiver receiver = trickling("HTTP/1.1 200 OK\r\n", "a: b\r\n")) {
      isCutAfterItsTotalTime(receiver);
    }
  }

  @Test
  void answersThatAreNotTheLastAreCut() throws Exception {
    try (Receiver receiver = trickling("", "HTTP/1.1 103 Early Hints\r\n\r\n")) {
      isCutAfterItsTotalTime(receiver);
    }
  }

  @Test
  void answersThatNeverPauseAreCut() throws Exception {
    try (Receiver receiver =
        Receiver.playing(
            (connection, requests) -> {
              Receiver.read(connection.getInputStream());
              byte[] hints = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1_000).getBytes(UTF_8);
              while (true) {
                connection.getOutputStream().write(hints);
              }
            })) {
      isCutAfterItsTotalTime(receiver);
    }
  }

  /** Without the first check of a read, only a receiver that pauses would be cut. */
  @Test
  void bytesThatAreThereAreNotReadAfterTheTime() throws Exception {
    AtomicLong now = new AtomicLong();
    CallLimit limit = new CallLimit(now::get, Duration.ofSeconds(1), new TestAttempt());
    try (Receiver receiver =
            Receiver.playing(
                (connection, requests) -> {
                  connection.getOutputStream().write("xx".getBytes(UTF_8));
                  forEver(connection);
                });
        LimitedSocket socket = new LimitedSocket(limit, FOR_EVER)) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), receiver.port()), FOR_EVER);
      assertThat(socket.getInputStream().read()).isEqualTo('x');
      now.set(Duration.ofSeconds(1).toNanos());
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> socket.getOutputStream().write('x'))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aBodyThatTricklesIsCut() throws Exception {
    try (Receiver receiver =
        trickling("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")) {
      isCutAfterItsTotalTime(receiver);
    }
  }

  @Test
  void aReceiverThatTakesNothingIsCut() throws Exception {
    try (Receiver receiver =
        Receiver.playing((connection, requests) -> new CountDownLatch(1).await())) {
      HttpCallbackExecutor executor =
          with(
              receiver,
              patient().totalTimeout(Duration.ofMillis(500)).maxRequestBytes(Integer.MAX_VALUE));
      assertThat(failure(executor, HttpCallback.post(url(receiver), "x".repeat(32_000_000))))
          .hasMessageContaining("the call took longer than totalTimeout PT0.5S");
    }
  }

  @Test
  void silenceIsCutAfterTheResponseTimeout() throws Exception {
    try (Receiver receiver = Receiver.playing((connection, requests) -> forEver(connection))) {
      HttpCallbackExecutor executor =
          with(receiver, patient().responseTimeout(Duration.ofMillis(200)));
      assertThat(failure(executor, HttpCallback.post(url(receiver), 1)))
          .hasMessageContaining("SocketTimeoutException: responseTimeout PT0.2S is over");
    }
  }

  @Test
  void anAddressThatDoesNotAnswerIsCutAfterTheConnectTimeout() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<SocketChannel> waiting = fill(full);
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(
                  CallbackTarget.of("http://full.test:" + full.getLocalPort())
                      .inNetworks("127.0.0.0/8"))
              .options(patient().connectTimeout(Duration.ofMillis(200)).build())
              .build();
      String url = "http://full.test:" + full.getLocalPort() + "/";
      assertThat(failure(executor, HttpCallback.post(url, 1)))
          .hasMessageContaining("SocketTimeoutException: connectTimeout PT0.2S is over");
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  /** Linux drops what asks for more than the backlog and one. */
  private static List<SocketChannel> fill(ServerSocket server) throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
      waiting.add(channel);
    }
    return waiting;
  }

  @Test
  void ofAGigabyteOnlyTheLimitIsRead() throws Exception {
    AtomicLong sent = new AtomicLong();
    CountDownLatch hungUp = new CountDownLatch(1);
    try (Receiver receiver =
        Receiver.playing(
            (connection, requests) -> {
              Receiver.read(connection.getInputStream());
              OutputStream out = connection.getOutputStream();
              out.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".getBytes(UTF_8));
              byte[] piece = new byte[65_536];
              try {
                while (sent.addAndGet(piece.length) < 1 << 30) {
                  out.write(piece);
                }
              } finally {
                hungUp.countDown();
              }
            })) {
      HttpCallbackExecutor executor = with(receiver, patient().keepResponse(true));
      HttpCallbackResult result =
          (HttpCallbackResult)
              executor.execute(HttpCallback.post(url(receiver), 1), new TestAttempt());
      assertThat(result.truncated()).isTrue();
      assertThat(result.body()).hasSize(65_536);
      hungUp.await();
      // what the two kernels buffered, and no more
      assertThat(sent.get()).isLessThan(64 << 20);
    }
  }

  @Test
  void anAnswerOfExactlyTheLimitIsWhole() throws Exception {
    try (Receiver receiver = Receiver.answering(Callbacks.OK)) {
      assertThat(
              with(receiver, CallbackOptions.builder().maxResponseBytes(2).keepResponse(true))
                  .execute(HttpCallback.post(url(receiver), 1), new TestAttempt()))
          .hasFieldOrPropertyWithValue("body", "ok")
          .hasFieldOrPropertyWithValue("truncated", false);
      assertThat(
              with(receiver, CallbackOptions.builder().maxResponseBytes(1).keepResponse(true))
                  .execute(HttpCallback.post(url(receiver), 1), new TestAttempt()))
          .hasFieldOrPropertyWithValue("body", "o")
          .hasFieldOrPropertyWithValue("truncated", true);
    }
  }

  @Test
  void aHeadWithoutEndIsRefused() throws Exception {
    for (String head : List.of("a: b\r\n".repeat(1_000), "a: " + "b".repeat(100_000))) {
      try (Receiver receiver = Receiver.answering("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n")) {
        assertThat(failure(calling(receiver).build(), HttpCallback.post(url(receiver), 1)))
            .hasMessageEndingWith("MessageConstraintException");
      }
    }
  }

  @Test
  void anAnswerThatBreaksOffFailsTheAttempt() throws Exception {
    for (String answer :
        List.of("", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "garbage")) {
      try (Receiver receiver = Receiver.answering(answer)) {
        failure(calling(receiver).build(), HttpCallback.post(url(receiver), 1));
      }
    }
  }

  /** Cancelled so late that the call waits already, and asks no more unless it wakes by itself. */
  @Test
  void aCancelledAttemptEndsWithoutAnInterrupt() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch received = new CountDownLatch(1);
    TestAttempt attempt =
        new TestAttempt() {
          @Override
          public boolean isCancelled() {
            return received.getCount() == 0 && asked.incrementAndGet() > 5;
          }
        };
    try (Receiver receiver =
        Receiver.playing(
            (connection, requests) -> {
              Receiver.read(connection.getInputStream());
              received.countDown();
              forEver(connection);
            })) {
      assertThatThrownBy(
              () -> with(receiver, patient()).execute(HttpCallback.post(url(receiver), 1), attempt))
          .isInstanceOf(JobCancelledException.class);
    }
  }

  @Test
  void anAttemptThatIsCancelledAlreadyCallsNobody() throws Exception {
    TestAttempt attempt = new TestAttempt();
    attempt.cancelled = true;
    AtomicInteger asked = new AtomicInteger();
    try (Receiver receiver = Receiver.answering(Callbacks.OK)) {
      HttpCallbackExecutor executor =
          calling(receiver)
              .lookup(
                  host -> {
                    asked.incrementAndGet();
                    return Callbacks.LOOPBACK.addressesOf(host);
                  })
              .build();
      assertThatThrownBy(() -> executor.execute(HttpCallback.post(url(receiver), 1), attempt))
          .isInstanceOf(JobCancelledException.class);
      assertThat(asked).hasValue(0);
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void anInterruptEndsTheCallAtOnce() throws Exception {
    Thread caller = Thread.currentThread();
    try (Receiver receiver =
        Receiver.playing(
            (connection, requests) -> {
              Receiver.read(connection.getInputStream());
              caller.interrupt();
              forEver(connection);
            })) {
      assertThatThrownBy(
              () ->
                  with(receiver, patient())
                      .execute(HttpCallback.post(url(receiver), 1), new TestAttempt()))
          .isInstanceOf(InterruptedException.class)
          .hasMessage("POST " + url(receiver) + " was interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void anInterruptEndsAWriteToAReceiverThatTakesNothing() throws Exception {
    Thread caller = Thread.currentThread();
    try (Receiver receiver =
        Receiver.playing(
            (connection, requests) -> {
              connection.getInputStream().read();
              caller.interrupt();
              new CountDownLatch(1).await();
            })) {
      HttpCallbackExecutor executor = with(receiver, patient().maxRequestBytes(Integer.MAX_VALUE));
      assertThatThrownBy(
              () ->
                  executor.execute(
                      HttpCallback.post(url(receiver), "x".repeat(32_000_000)), new TestAttempt()))
          .isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void timeSpentLookingUpTheNameCounts() throws Exception {
    AtomicLong now = new AtomicLong();
    try (Receiver receiver = Receiver.answering(Callbacks.OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .allow(target(receiver))
              .ticker(now::get)
              .lookup(
                  host -> {
                    now.addAndGet(Duration.ofSeconds(31).toNanos());
                    return Callbacks.LOOPBACK.addressesOf(host);
                  })
              .build();
      assertThat(failure(executor, HttpCallback.post(url(receiver), 1)))
          .hasMessageContaining(
              "failed after 31000 ms: SocketTimeoutException: the call took longer than"
                  + " totalTimeout PT30S");
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void connectionsAreClosedHoweverACallEnds() throws Exception {
    CompletableFuture<Void> end = new CompletableFuture<>();
    try (Receiver receiver =
        Receiver.playing(
            (connection, requests) -> {
              Receiver.read(connection.getInputStream());
              Receiver.awaitHangUp(connection);
              end.complete(null);
            })) {
      HttpCallbackExecutor executor =
          with(receiver, patient().responseTimeout(Duration.ofMillis(100)));
      assertThat(
              catchThrowable(
                  () -> executor.execute(HttpCallback.post(url(receiver), 1), new TestAttempt())))
          .isInstanceOf(HttpCallbackException.class);
      end.get();
    }
  }
}
