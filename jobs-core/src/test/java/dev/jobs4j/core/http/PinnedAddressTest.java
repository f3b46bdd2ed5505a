package dev.jobs4j.core.http;

import static dev.jobs4j.core.http.Callbacks.OK;
import static dev.jobs4j.core.http.Callbacks.address;
import static dev.jobs4j.core.http.Callbacks.calling;
import static dev.jobs4j.core.http.Callbacks.failure;
import static dev.jobs4j.core.http.Callbacks.rejection;
import static dev.jobs4j.core.http.Callbacks.target;
import static dev.jobs4j.core.http.Callbacks.url;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection goes to an address that was checked, and to no other. */
class PinnedAddressTest {

  @Test
  void aNameThatFlipsToLoopbackAfterTheCheckIsNotFollowed() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      AtomicInteger asked = new AtomicInteger();
      // 192.88.98.1 is public and answers nobody here.
      AddressLookup flipping =
          host -> List.of(address(asked.getAndIncrement() == 0 ? "192.88.98.1" : "127.0.0.1"));
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .allow(CallbackTarget.of("http://receiver.test:" + receiver.port()))
              .options(CallbackOptions.builder().connectTimeout(Duration.ofMillis(300)).build())
              .lookup(flipping)
              .build();
      failure(executor, HttpCallback.post(url(receiver), 1));
      assertThat(asked).hasValue(1);
      assertThat(rejection(executor, HttpCallback.post(url(receiver), 1)))
          .endsWith("its host has an address that is not public (loopback)");
      assertThat(receiver.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "fe80::1",
        "0.0.0.0"
      })
  void oneForbiddenAddressAmongManyIsEnoughToRefuse(String forbidden) throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .allow(CallbackTarget.of("http://receiver.test:" + receiver.port()))
              .lookup(host -> List.of(address("93.184.216.34"), address(forbidden)))
              .build();
      assertThat(rejection(executor, HttpCallback.post(url(receiver), 1)))
          .contains("its host has an address that is not public");
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void aMappedAddressInALookUpIsTheAddressBehindIt() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;
    InetAddress address = Inet6Address.getByAddress("x", mapped, 0);
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .allow(CallbackTarget.of("http://receiver.test:" + receiver.port()))
              .lookup(host -> List.of(address))
              .build();
      assertThat(rejection(executor, HttpCallback.post(url(receiver), 1))).endsWith("(loopback)");
      assertThat(receiver.connections()).isZero();
    }
  }

  @Test
  void aNetworkIsOpenToItsOwnTargetOnly() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          calling(receiver).allow(CallbackTarget.of("http://*:" + receiver.port())).build();
      assertThat(executor.execute(HttpCallback.post(url(receiver), 1), new TestAttempt()))
          .isInstanceOf(HttpCallbackResult.class);
      String evil = "http://evil.test:" + receiver.port() + "/";
      assertThat(rejection(executor, HttpCallback.post(evil, 1))).endsWith("(loopback)");
    }
  }

  @Test
  void theFirstTargetThatAllowsAUrlDecides() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .lookup(Callbacks.LOOPBACK)
              .allow(CallbackTarget.of("http://*:" + receiver.port()), target(receiver))
              .build();
      assertThat(rejection(executor, HttpCallback.post(url(receiver), 1))).endsWith("(loopback)");
    }
  }

  @Test
  void theNextAddressIsTriedWhenOneDoesNotAnswer() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallbackExecutor executor =
          HttpCallbackExecutor.builder()
              .allow(target(receiver))
              .lookup(host -> List.of(address("127.9.9.9"), address("127.0.0.1")))
              .build();
      assertThat(executor.execute(HttpCallback.post(url(receiver), 1), new TestAttempt()))
          .isInstanceOf(HttpCallbackResult.class);
    }
  }

  @Test
  void aNameWithoutAddressFailsTheAttempt() throws Exception {
    try (Receiver receiver = Receiver.answering(OK)) {
      HttpCallback callback = HttpCallback.post(url(receiver), 1);
      AddressLookup none =
          host -> {
            throw new UnknownHostException(host);
          };
      assertThat(failure(calling(receiver).lookup(none).build(), callback))
          .hasMessageContaining("UnknownHostException: receiver.test");
      assertThat(failure(calling(receiver).lookup(host -> List.of()).build(), callback))
          .hasMessageContaining("the name has no address");
    }
  }

  @Test
  void aRedirectIsNotFollowedNotEvenToTheMetadataService() throws Exception {
    try (Receiver other = Receiver.answering(OK);
        Receiver receiver =
            Receiver.playing(
                (connection, requests) ->
                    Receiver.answer(
                            "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nLocation: "
                                + (requests.isEmpty()
                                    ? "http://169.254.169.254/latest/meta-data/?secret"
                                    : "http://receiver.test:" + other.port() + "/?secret")
                                + "\r\n\r\n")
                        .play(connection, requests))) {
      HttpCallbackExecutor executor = calling(receiver).allow(target(other)).build();
      String refused = "POST " + url(receiver) + " answered 307, and redirects are not followed";
      assertThat(rejection(executor, HttpCallback.post(url(receiver), 1))).isEqualTo(refused);
      assertThat(rejection(executor, HttpCallback.post(url(receiver), 1))).isEqualTo(refused);
      assertThat(other.connections()).isZero();
      assertThat(receiver.connections()).isEqualTo(2);
    }
  }

  @Test
  void proxiesOfTheJvmAreNotUsed() throws Exception {
    List<String> names =
        List.of("http.proxyHost", "http.proxyPort", "socksProxyHost", "socksProxyPort");
    List<String> before = new ArrayList<>();
    names.forEach(name -> before.add(System.getProperty(name)));
    String nonProxyHosts = System.getProperty("http.nonProxyHosts");
    try (Receiver proxy = Receiver.answering(OK);
        Receiver receiver = Receiver.answering(OK)) {
      System.setProperty("http.nonProxyHosts", "");
      for (String name : names) {
        System.setProperty(name, name.endsWith("Host") ? "127.0.0.1" : "" + proxy.port());
      }
      calling(receiver).build().execute(HttpCallback.post(url(receiver), 1), new TestAttempt());
      assertThat(receiver.connections()).isEqualTo(1);
      assertThat(proxy.connections()).isZero();
    } finally {
      for (int i = 0; i < names.size(); i++) {
        restore(names.get(i), before.get(i));
      }
      restore("http.nonProxyHosts", nonProxyHosts);
    }
  }

  private static void restore(String name, String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }
}
