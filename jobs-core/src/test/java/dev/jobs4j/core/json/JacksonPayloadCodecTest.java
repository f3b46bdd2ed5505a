package dev.jobs4j.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import dev.jobs4j.api.InvalidJobException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
  void whatCannotBeWrittenIsRefusedByClass() {
    assertThatThrownBy(() -> codec.encode(new Broken()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("Broken");
  }

  /** Its getter throws. */
  static final class Broken {
    public String getValue() {
      throw new IllegalStateException("no value");
    }
  }
}
