package dev.jobs4j.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.jobs4j.api.Sensitive;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MaskingTest {

  private final JacksonPayloadCodec codec = JacksonPayloadCodec.create();

  /** Wherever it stands, and as a text. */
  @Sensitive
  record Token(@JsonValue String value) {}

  record Card(@Sensitive long number, int month) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ByCard.class, name = "card"),
    @JsonSubTypes.Type(value = ByIban.class, name = "iban")
  })
  interface Payment {}

  record ByCard(Card card) implements Payment {}

  record ByIban(@Sensitive @JsonAlias("account") String iban, String bank) implements Payment {}

  record Order(
      String id,
      @Sensitive @JsonProperty("e-mail") String email,
      @Sensitive BigDecimal amount,
      @Sensitive Map<String, List<String>> notes,
      List<Card> cards,
      Map<String, Card> byName,
      @Nullable Token token,
      @Nullable Payment payment,
      Object anything) {}

  /** A class of the older kind. */
  static final class Login {
    @Sensitive private String password = "";
    private String user = "";

    public String getPassword() {
      return password;
    }

    public void setPassword(String value) {
      password = value;
    }

    @Sensitive
    public String getUser() {
      return user;
    }

    public void setUser(String value) {
      user = value;
    }
  }

  private static final Order ORDER =
      new Order(
          "o-1",
          "ada@example.org",
          new BigDecimal("1234.50"),
          Map.of("k", List.of("call later")),
          List.of(new Card(4111_1111_1111_1111L, 12)),
          Map.of("main", new Card(5500_0000_0000_0004L, 11)),
          new Token("t0ken"),
          new ByIban("GB82WEST", "west"),
          Map.of("free", 1));

  private String masked(Object value, Type type) {
    return codec.masked(codec.encode(value), type);
  }

  private String masked(String json, Type type) {
    return codec.masked(json.getBytes(StandardCharsets.UTF_8), type);
  }

  @Test
  void whatIsSensitiveIsMaskedAndTheRestIsShown() {
    assertThat(masked(ORDER, Order.class))
        .isEqualTo(
            """
            {"id":"o-1","e-mail":"***","amount":"***","notes":"***",
            "cards":[{"number":"***","month":12}],
            "byName":{"main":{"number":"***","month":11}},"token":"***",
            "payment":{"kind":"iban","iban":"***","bank":"west"},"anything":{"free":1}}
            """
                .replace("\n", ""));
    Login login = new Login();
    login.setPassword("hunter22");
    login.setUser("ada");
    assertThat(masked(login, Login.class)).isEqualTo("{\"password\":\"***\",\"user\":\"***\"}");
  }

  @Test
  void theTypeMayBeGeneric() {
    Type list = new TypeReference<List<Map<String, Card>>>() {}.getType();
    assertThat(masked(List.of(Map.of("a", new Card(4111, 1))), list))
        .isEqualTo("[{\"a\":{\"number\":\"***\",\"month\":1}}]");
    assertThat(masked(List.of(1, "a"), new TypeReference<List<Object>>() {}.getType()))
        .isEqualTo("[1,\"a\"]");
  }

  @Test
  void whatTheTypeDoesNotTellAboutIsMasked() {
    assertThat(masked("{\"id\":\"o-1\",\"pin\":1234}", Order.class))
        .isEqualTo("{\"id\":\"o-1\",\"pin\":\"***\"}");
    assertThat(masked("{\"payment\":{\"kind\":\"iban\",\"account\":\"x\"}}", Order.class))
        .isEqualTo("{\"payment\":{\"kind\":\"iban\",\"account\":\"***\"}}");
    assertThat(masked("{\"cards\":[[\"4111\",1]]}", Order.class))
        .isEqualTo("{\"cards\":[\"***\"]}");
    assertThat(masked("{\"id\":", Order.class)).isEqualTo("***");
    assertThat(masked("{\"id\":\"o-1\"}", (Type) null)).isEqualTo("***");
  }

  @Test
  void secretsAreTheValuesAsAMessageWouldTellThem() {
    assertThat(codec.secrets(codec.encode(ORDER), Order.class))
        .containsExactlyInAnyOrder(
            "ada@example.org",
            "1234.50",
            "1234.5",
            "call later",
            "4111111111111111",
            "5500000000000004",
            "t0ken",
            "GB82WEST");
    String alias = "{\"payment\":{\"kind\":\"iban\",\"account\":\"GB99EAST\"}}";
    assertThat(codec.secrets(alias.getBytes(StandardCharsets.UTF_8), Order.class))
        .containsExactly("GB99EAST");
  }
}
