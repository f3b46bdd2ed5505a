package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.OK;
import static dev.jobs4j.core.http.Callbacks.failure;
import static dev.jobs4j.core.http.Callbacks.rejection;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to an address that was checked is TLS to the name. */
@Timeout(60)
class CallbackTlsTest {

  @TempDir static Path folder;
  private static Path server;
  private static Path client;

  /** The names that callers asked for. */
  private final BlockingQueue<String> names = new LinkedBlockingQueue<>();

  /** Who callers said they were, or "nobody". */
  private final BlockingQueue<String> callers = new LinkedBlockingQueue<>();

  @BeforeAll
  static void makeKeyStores() throws Exception {
    server = KeyStores.keyStore(folder, "server", "-ext", "san=dns:receiver.test,ip:127.0.0.1");
    client = KeyStores.keyStore(folder, "client");
  }

  private Receiver receiver(SSLContext context, Receiver.Script script) throws Exception {
    SSLServerSocket listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setWantClientAuth(true);
    return new Receiver(
        listening,
        (connection, requests) -> {
          ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) connection).getSession();
          names.add(session.getRequestedServerNames().toString());
          callers.add(caller(session));
          script.play(connection, requests);
        });
  }

  private Receiver receiver(Path keyStore) throws Exception {
    return receiver(KeyStores.context(keyStore, client), Receiver.answer(OK));
  }

  private static String caller(ExtendedSSLSession session) {
    try {
      return session.getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "nobody";
    }
  }

  private static CallbackTarget target(String host, Receiver receiver) {
    return CallbackTarget.of("https://" + host + ":" + receiver.port()).inNetworks("127.0.0.0/8");
  }

  private static HttpCallback post(String host, Receiver receiver) {
    return HttpCallback.post("https://" + host + ":" + receiver.port() + "/hook", "secret");
  }

  private static HttpCallbackExecutor calling(CallbackTarget target) {
    return HttpCallbackExecutor.builder().lookup(Callbacks.LOOPBACK).allow(target).build();
  }

  @Test
  void theNameIsAskedForAndVerifiedThoughTheConnectionGoesToAnAddress() throws Exception {
    try (Receiver receiver = receiver(server)) {
      HttpCallbackExecutor executor =
          calling(target("receiver.test", receiver).tls(KeyStores.context(null, server)));
      assertThat(executor.execute(post("receiver.test", receiver), new TestAttempt()))
          .isInstanceOf(HttpCallbackResult.class);
      assertThat(names.take()).contains("receiver.test");
      assertThat(receiver.requests.take().headers())
          .containsEntry("host", "receiver.test:" + receiver.port());
    }
  }

  @Test
  void anAddressInTheUrlIsVerifiedToo() throws Exception {
    try (Receiver receiver = receiver(server)) {
      HttpCallbackExecutor executor =
          calling(target("127.0.0.1", receiver).tls(KeyStores.context(null, server)));
      assertThat(executor.execute(post("127.0.0.1", receiver), new TestAttempt()))
          .isInstanceOf(HttpCallbackResult.class);
      assertThat(names.take()).isEqualTo("[]");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    try (Receiver receiver = receiver(server)) {
      HttpCallbackExecutor executor =
          calling(target("other.test", receiver).tls(KeyStores.context(null, server)));
      assertThat(failure(executor, post("other.test", receiver)))
          .hasMessageContaining("No subject alternative DNS name matching other.test found")
          .hasCauseInstanceOf(SSLException.class);
      assertThat(receiver.requests).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (Receiver receiver = receiver(server)) {
      assertThat(
              failure(calling(target("receiver.test", receiver)), post("receiver.test", receiver)))
          .hasMessageContaining("unable to find valid certification path");
      assertThat(receiver.requests).isEmpty();
    }
  }

  @Test
  void aKeyIsShownToTheTargetThatItIsFor() throws Exception {
    try (Receiver receiver = receiver(server)) {
      calling(target("receiver.test", receiver).tls(KeyStores.context(client, server)))
          .execute(post("receiver.test", receiver), new TestAttempt());
      assertThat(callers.take()).isEqualTo("CN=client");
    }
  }

  /** The JVM's default context would show it to whoever asks. */
  @Test
  void theApplicationsOwnKeyIsShownToNobody() throws Exception {
    Path trusted = folder.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(trusted)) {
      KeyStores.certificates(server).store(out, KeyStores.PASSWORD.toCharArray());
    }
    try (Receiver receiver = receiver(server)) {
      System.setProperty("javax.net.ssl.keyStore", client.toString());
      System.setProperty("javax.net.ssl.keyStorePassword", KeyStores.PASSWORD);
      System.setProperty("javax.net.ssl.trustStore", trusted.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", KeyStores.PASSWORD);
      calling(target("receiver.test", receiver))
          .execute(post("receiver.test", receiver), new TestAttempt());
      assertThat(callers.take()).isEqualTo("nobody");
    } finally {
      System.getProperties().keySet().removeIf(key -> key.toString().startsWith("javax.net.ssl."));
    }
  }

  @Test
  void aHandshakeThatStallsIsCut() throws Exception {
    try (Receiver receiver =
        Receiver.playing((connection, requests) -> new CountDownLatch(1).await())) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(target("receiver.test", receiver))
              .options(CallbackOptions.builder().totalTimeout(Duration.ofMillis(300)).build())
              .build();
      assertThat(failure(executor, post("receiver.test", receiver)))
          .hasMessageContaining("the call took longer than totalTimeout PT0.3S");
    }
  }

  @Test
  void aBodyThatTricklesInTlsIsCut() throws Exception {
    try (Receiver receiver =
        receiver(
            KeyStores.context(server, client),
            (connection, requests) -> {
              Receiver.read(connection.getInputStream());
              OutputStream out = connection.getOutputStream();
              out.write("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n".getBytes(UTF_8));
              while (true) {
                out.write('x');
                Thread.sleep(20);
              }
            })) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(target("receiver.test", receiver).tls(KeyStores.context(null, server)))
              .options(CallbackOptions.builder().totalTimeout(Duration.ofSeconds(1)).build())
              .build();
      assertThat(failure(executor, post("receiver.test", receiver)))
          .hasMessageContaining("the call took longer than totalTimeout PT1S");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void theSchemeOfTheTargetHolds(String scheme) throws Exception {
    String other = scheme.equals("http") ? "https" : "http";
    HttpCallbackExecutor executor =
        calling(CallbackTarget.of(scheme + "://receiver.test:8443").inNetworks("127.0.0.0/8"));
    assertThat(rejection(executor, HttpCallback.post(other + "://receiver.test:8443/", 1)))
        .endsWith("no target allows its scheme, host and port");
  }
}
