package dev.jobs4j.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import dev.jobs4j.api.InvalidJobException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JacksonPayloadCodecTest {

  private final JacksonPayloadCodec codec = JacksonPayloadCodec.create();

  record Mail(String to, List<Integer> parts) {}

  private Object decode(String json) {
    return codec.decode(json.getBytes(StandardCharsets.UTF_8), Mail.class);
  }

  @Test
  void aRecordIsPlainJson() {
    byte[] bytes = codec.encode(new Mail("Zoë 🚀", List.of(1, 2)));
    assertThat(bytes)
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"to\":\"Zoë 🚀\",\"parts\":[1,2]}");
    assertThat(codec.decode(bytes, Mail.class)).isEqualTo(new Mail("Zoë 🚀", List.of(1, 2)));
  }

  @Test
  void aFieldOfANewerWriterIsIgnored() {
    assertThat(decode("{\"to\":\"a\",\"parts\":[],\"since\":\"v2\"}"))
        .isEqualTo(new Mail("a", List.of()));
  }

  @Test
  void storedTextNeverChoosesAClass() {
    Object decoded =
        codec.decode(
            "[\"javax.naming.InitialContext\",{}]".getBytes(StandardCharsets.UTF_8), Object.class);
    assertThat(decoded).isInstanceOf(List.class);
    JsonMapper typing =
        JsonMapper.builder()
            .activateDefaultTyping(BasicPolymorphicTypeValidator.builder().build())
            .build();
    assertThatThrownBy(() -> JacksonPayloadCodec.of(typing))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("default typing");
  }

  @Test
  void whatIsNotSuchAValueIsRefused() {
    for (String bad : List.of("", "{", "null", "[1]", "\u0000", "{\"to\":[1]}")) {
      assertThatThrownBy(() -> decode(bad)).as(bad).isInstanceOf(InvalidJobException.class);
    }
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> codec.decode(deep.getBytes(StandardCharsets.UTF_8), Object.class))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("nesting");
  }

  @Test
  void aPayloadEndsWhereItsValueEnds() {
    assertThatThrownBy(() -> decode("{\"to\":\"a\"} {}")).isInstanceOf(InvalidJobException.class);
  }

  /** Checks itself, and says too much. */
  record Address(String mail) {
    Address {
      if (!mail.contains("@")) {
        throw new IllegalArgumentException("no @ in " + mail);
      }
    }
  }

  record Letter(Address to, Map<String, Integer> counts) {}

  @Test
  void anErrorTellsThePlaceAndNeverTheContent() {
    Map<String, String> errors =
        Map.of(
            "secret",
            "it is not JSON",
            "{\"to\":{\"mail\":\"secret\"}}",
            "java.lang.IllegalArgumentException at "
                + "dev.jobs4j.core.json.JacksonPayloadCodecTest$Address",
            "{\"counts\":{\"secret\":\"secret\"}}",
            "expected java.lang.Integer in counts.* at line 1, column 21",
            "{\"to\":\"secret\"}",
            "expected dev.jobs4j.core.json.JacksonPayloadCodecTest$Address in to",
            "{\"secret\":",
            "it ends too early",
            "{\"to\":\"secret\u0001\"}",
            "it is not JSON");
    errors.forEach(
        (json, message) ->
            assertThatThrownBy(
                    () -> codec.decode(json.getBytes(StandardCharsets.UTF_8), Letter.class))
                .as(json)
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining(message)
                .satisfies(JacksonPayloadCodecTest::isQuiet));
  }

  /** Neither the message nor anything that a stack trace prints. */
  private static void isQuiet(Throwable error) {
    assertThat(error).hasNoCause();
    assertThat(error.getMessage()).doesNotContain("secret");
  }

  @Test
  void anyBytesAreReadOrRefusedAndAlwaysShown() {
    Random random = new Random(11);
    byte[] letter =
        "{\"to\":{\"mail\":\"a@b\"},\"counts\":{\"k\":[1,2.5e3,null,true,\"\\u00e9\"]}}"
            .getBytes(StandardCharsets.UTF_8);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(letter, 1 + random.nextInt(letter.length));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      read += isReadOrRefused(() -> codec.decode(bytes, Letter.class));
      read += isReadOrRefused(() -> codec.fields(bytes));
      read += isReadOrRefused(() -> codec.secrets(bytes, Letter.class));
      assertThat(codec.masked(bytes, Letter.class)).isNotEmpty();
    }
    assertThat(read).isBetween(100, 59_900);
    byte[] whole =
        "{\"to\":{\"mail\":\"a@b\"},\"counts\":{\"k\":1}}".getBytes(StandardCharsets.UTF_8);
    assertThat(codec.masked(whole, Letter.class))
        .isEqualTo(new String(whole, StandardCharsets.UTF_8));
    byte[] deep = "[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
    assertThat(codec.masked(deep, Letter.class)).isEqualTo("***");
    assertThat(isReadOrRefused(() -> codec.fields(deep))).isZero();
  }

  private static int isReadOrRefused(Runnable call) {
    try {
      call.run();
      return 1;
    } catch (InvalidJobException e) {
      isQuiet(e);
      return 0;
    }
  }

  @Test
  void fieldsKeepEveryDigit() {
    Map<String, Object> fields =
        codec.fields(
            "{\"a\":12345678901234567890.10,\"b\":[1,null]}".getBytes(StandardCharsets.UTF_8));
    assertThat(fields.get("a")).isEqualTo(new BigDecimal("12345678901234567890.10"));
    assertThat(codec.encode(fields))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"a\":12345678901234567890.10,\"b\":[1,null]}");
    assertThatThrownBy(() -> codec.fields("[\"secret\"]".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidJobException.class)
        .satisfies(JacksonPayloadCodecTest::isQuiet);
  }

  @Test
  void whatCannotBeWrittenIsRefusedByClass() {
    assertThatThrownBy(() -> codec.encode(new Broken()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Broken")
        .hasMessageContaining("IllegalStateException at ")
        .satisfies(JacksonPayloadCodecTest::isQuiet);
  }

  /** Its getter throws. */
  static final class Broken {
    public String getValue() {
      throw new IllegalStateException("the secret has no value");
    }
  }
}
