package dev.jobs4j.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobOutcome;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No way of writing a URL leads to where it must not. */
class HostileUrlsTest {

  /** The target allows every name, so that what stops these is how they are written. */
  static Stream<String> hostile() {
    return Stream.of(
        // other schemes
        "file:///etc/passwd",
        "ftp://hooks.test/",
        "gopher://hooks.test:70/_x",
        "jar:https://hooks.test!/x",
        "javascript:alert(1)",
        "//hooks.test/",
        "hooks.test/x",
        "https:",
        "https:hooks.test",
        "https:/hooks.test",
        "https:///x",
        "https://",
        "https://:443/",
        // loopback, by any number base
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0X7F.1/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://127.0.0.1./",
        "https://127.0.0.01/",
        "https://127.0.0.256/",
        "https://0/",
        "https://0.0.0.0/",
        "https://hooks.0x7f/",
        "https://hooks.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://１２７.0.0.1/",
        "https://%31%32%37.0.0.1/",
        "https://127。0。0。1/",
        // IPv6
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[fc00::1]/",
        "https://[::1",
        "https://::1/",
        "https://[127.0.0.1]/",
        "https://[v1.x]/",
        // names that are not what they seem
        "https://hooks.test./",
        "https://hooks..test/",
        "https://.test/",
        "https://-hooks.test/",
        "https://hooks_.test/",
        "https://hooks.test%2f.evil.test/",
        "https://hooks.test%00.evil.test/",
        "https://hóóks.test/",
        "https://hooks\u200b.test/",
        "https://hooks.test\u3002evil.test/",
        "https://" + "a".repeat(64) + ".test/",
        "https://" + "a.".repeat(127) + "test/",
        // user info and its tricks
        "https://user:secret@hooks.test/",
        "https://user@hooks.test/",
        "https://hooks.test@127.0.0.1/",
        "https://hooks.test:secret@127.0.0.1:443/",
        "https://hooks.test%40127.0.0.1/",
        "https://hooks.test\\@127.0.0.1/",
        "https://127.0.0.1\\@hooks.test/",
        "https://a@b@hooks.test/",
        "https://@hooks.test/",
        // ports
        "https://hooks.test:0/",
        "https://hooks.test:65536/",
        "https://hooks.test:99999999999/",
        "https://hooks.test:-1/",
        "https://hooks.test:22/",
        "https://hooks.test:443:80/",
        "https://hooks.test:４４３/",
        "http://hooks.test/",
        "http://hooks.test:443/",
        // control characters and spaces
        "https://hooks.test/\r\nHost: evil.test",
        "https://hooks.test/\nX: y",
        "https://hooks.test/\tx",
        "https://hooks.test/ HTTP/1.1",
        " https://hooks.test/",
        "https://hooks.test/\u0000",
        "https://hooks.test\r\n/",
        "https://hooks.test/#fragment",
        "https://hooks.test#@127.0.0.1/",
        "https://hooks.test/%zz",
        "https://hooks.test/" + "x".repeat(8_000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void isADeadLetterAndNeverLookedUp(String url) throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpCallbackExecutor executor =
        HttpCallbackExecutor.builder()
            .allow(
                CallbackTarget.of("https://*"),
                // by name, so that the check of the address is what stops it
                CallbackTarget.of("https://127.0.0.1"),
                CallbackTarget.of("https://0.0.0.0"),
                CallbackTarget.of("https://[::1]"),
                CallbackTarget.of("https://[::]"),
                CallbackTarget.of("https://[::127.0.0.1]"),
                CallbackTarget.of("https://[64:ff9b::7f00:1]"),
                CallbackTarget.of("https://[2002:7f00:1::]"),
                CallbackTarget.of("https://[fc00::1]"))
            .lookup(
                host -> {
                  asked.add(host);
                  throw new UnknownHostException(host);
                })
            .build();
    Object outcome = executor.execute(HttpCallback.post(url, "x"), new TestAttempt());
    assertThat(outcome).isInstanceOf(JobOutcome.Reject.class);
    assertThat(((JobOutcome.Reject) outcome).why()).doesNotContain("secret");
    assertThat(asked).isEmpty();
  }

  /** Software disagrees about what these mean, so they mean nothing here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0177.0.0.1",
        "8.8.8.08",
        "0x8.8.8.8",
        "134744072",
        "8.8.2056",
        "8.8.8.8.",
        "[8.8.8.8]",
        "[2606::1%25eth0]",
        "8.8.8.256",
        "hooks.0x8"
      })
  void anAddressInAnOddNotationIsNotRead(String host) {
    assertThatThrownBy(() -> CallbackUrl.parse("https://" + host + "/"))
        .isInstanceOf(InvalidJobException.class);
    assertThatThrownBy(() -> HostName.parse(host))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("host must ");
  }

  @ParameterizedTest
  @CsvSource({
    "https://Hooks.TEST/a, https, hooks.test, 443, /a",
    "HTTPS://hooks.test, https, hooks.test, 443, /",
    "https://hooks.test:8443//a/../b?q=1&r=%0d%0a, https, hooks.test, 8443, //a/../b?q=1&r=%0d%0a",
    "http://xn--hks-vla.test/?, http, xn--hks-vla.test, 80, /?",
    "https://93.184.216.34/, https, 93.184.216.34, 443, /",
    "https://[2606:2800:220:1::25]:8443/, https, [2606:2800:220:1:0:0:0:25], 8443, /",
    "https://[::ffff:93.184.216.34]/, https, 93.184.216.34, 443, /"
  })
  void aPlainUrlIsTakenApartOnce(
      String text, String scheme, String host, int port, String requestTarget) {
    CallbackUrl url = CallbackUrl.parse(text);
    assertThat(url.scheme()).isEqualTo(scheme);
    assertThat(url.host()).hasToString(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.requestTarget()).isEqualTo(requestTarget);
  }

  @Test
  void theRefusalSaysWhatToMendAndTellsNoText() {
    assertThatThrownBy(() -> CallbackUrl.parse("https://hooks.test/se cret"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("url must hold visible ASCII only and no backslash; see its character 22")
        .hasNoCause();
    assertThatThrownBy(() -> CallbackUrl.parse("https://hooks.test/%secret"))
        .hasMessageContaining("url cannot be read: Malformed escape pair at character 20")
        .hasNoCause();
    assertThatThrownBy(() -> CallbackUrl.parse("https://2130706433/"))
        .hasMessageContaining("four decimal numbers such as 192.0.2.1");
  }

  @ParameterizedTest
  @CsvSource({
    "https://u:secret@h.test:8443/p?secret#secret, https://h.test:8443/p",
    "https://h.test/p?secret, https://h.test/p",
    "https:secret, (URL without a readable host)",
    "'https://h.test/ secret', (unreadable URL)",
    "https://a@b@secret/, (URL without a readable host)"
  })
  void aUrlIsShownWithoutItsSecrets(String text, String shown) {
    assertThat(CallbackUrl.shown(text)).isEqualTo(shown);
    assertThat(HttpCallback.post(text, "secret").withHeader("X", "secret").toString())
        .isEqualTo("HttpCallback[POST " + shown + "]");
  }
}
