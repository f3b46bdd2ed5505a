package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Headers are plain JSON in plain ASCII and come back as they went. */
class HeadersTest {

  @Test
  void everyTextComesBack() {
    Map<String, String> headers =
        Map.of(
            "traceparent", "00-ab-cd-01",
            "quote\"d", "back\\slash",
            "lines", "a\r\n\tb",
            "nul", "a\0b",
            "half", "\uD83D",
            "pair", "\uD83D\uDE80",
            "", "");

    String written = Headers.write(headers);

    assertThat(written).matches("[ -~]+").startsWith("{\"\":\"\",");
    assertThat(Headers.read(written)).isEqualTo(headers);
  }

  @Test
  void noneIsNull() {
    assertThat(Headers.write(Map.of())).isNull();
    assertThat(Headers.read(null)).isEmpty();
  }

  @Test
  void jsonOfOthersIsRead() {
    assertThat(Headers.read(" { \"a\" : \"\\u00e9\\n\\/\" , \"b\":\"\" } "))
        .isEqualTo(Map.of("a", "\u00e9\n/", "b", ""));
  }

  @Test
  void whatIsNoJsonComesAsOneHeader() {
    for (String text : new String[] {"", "{", "[1]", "{\"a\":1}", "{\"a\":\"\\u12\"}"}) {
      assertThat(Headers.read(text)).isEqualTo(Map.of("jobs.unreadable", text));
    }
  }
}
