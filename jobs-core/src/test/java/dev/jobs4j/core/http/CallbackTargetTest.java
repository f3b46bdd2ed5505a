package dev.jobs4j.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTargetTest {

  @ParameterizedTest
  @CsvSource({
    "hooks.test, https://hooks.test/, true",
    "hooks.test, https://HOOKS.test:443/x, true",
    "hooks.test, http://hooks.test:443/, false",
    "hooks.test, https://hooks.test:8443/, false",
    "hooks.test, https://a.hooks.test/, false",
    "hooks.test, https://hooks.test.evil.test/, false",
    "http://hooks.test, http://hooks.test/, true",
    "http://hooks.test, https://hooks.test/, false",
    "https://hooks.test:8443, https://hooks.test:8443/, true",
    "*.hooks.test, https://a.hooks.test/, true",
    "*.hooks.test, https://b.a.hooks.test/, true",
    "*.hooks.test, https://hooks.test/, false",
    "*.hooks.test, https://evilhooks.test/, false",
    "*, https://any.name.test/, true",
    "*, https://8.8.8.8/, false",
    "*, https://[2606:4700::1]/, false",
    "*:8443, https://any.test:8443/, true",
    "8.8.8.8, https://8.8.8.8/, true",
    "[::1]:8443, 'https://[0:0:0:0:0:0:0:1]:8443/', true",
    "10.0.0.1, 'https://[::ffff:10.0.0.1]/', true"
  })
  void allowsItsSchemeHostAndPort(String pattern, String url, boolean allowed) {
    assertThat(CallbackTarget.of(pattern).allows(CallbackUrl.parse(url))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://",
        "ftp://hooks.test",
        "https://hooks.test/path",
        "https://user@hooks.test",
        "hooks.*",
        "*hooks.test",
        "a.*.test",
        "hooks.test:0",
        "hooks.test:99999",
        "hooks test",
        "*.127.0.0.1",
        "*.0.0.1",
        "0x7f.1",
        "hóóks.test"
      })
  void aPatternThatIsNoneIsRefused(String pattern) {
    assertThatThrownBy(() -> CallbackTarget.of(pattern))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("target \"" + pattern + "\": ");
  }

  @Test
  void anyNameOnTheInternetCannotBeGivenOnesOwnNetworks() {
    assertThatThrownBy(() -> CallbackTarget.of("*").inNetworks("10.0.0.0/8"))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("inNetworks needs a target with a host");
  }

  @Test
  void aWeakKeyIsRefusedAndNoSecretIsTold() {
    CallbackTarget target = CallbackTarget.of("hooks.test");
    assertThatThrownBy(() -> target.signedBy("k1", new byte[31]))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("signedBy: secret must have at least 32 bytes, had 31");
    assertThatThrownBy(() -> target.signedBy("k;1", new byte[32]))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("signedBy: key id must be 1 to 64 of");
    assertThat(target.inNetworks("10.0.0.0/8").signedBy("k1", "s".repeat(32).getBytes(UTF_8)))
        .hasToString("hooks.test in [10.0.0.0/8] signed by k1");
  }

  @Test
  void anExecutorThatAllowsNothingIsNotMade() {
    assertThatThrownBy(() -> HttpCallbackExecutor.builder().build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Neither allow(..) nor allowByTenant(..) is set");
  }
}
