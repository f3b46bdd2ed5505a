package dev.jobs4j.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JsonSchemaCheckTest {

  private static final String ORDER =
      """
      {"type": "object", "required": ["customer"], "additionalProperties": false,
       "properties": {
         "customer": {"type": "string", "pattern": "^c-"},
         "lines": {"type": "array", "items": {"properties": {"amount": {"minimum": 1}}}},
         "notes": {"type": "object", "additionalProperties": {"maxLength": 3}}}}
      """;

  private final JsonSchemaCheck check =
      JsonSchemaCheck.builder()
          .schema("order", 1, ORDER)
          .resource("order", 2, "schemas/order-2.json")
          .build();

  private void check(int version, String json) {
    check.check("order", version, new Payload("json", json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatHoldsPassesAndWhatHasNoSchemaIsNotChecked() {
    check(1, "{\"customer\":\"c-1\",\"lines\":[{\"amount\":1}],\"notes\":{\"k\":\"abc\"}}");
    check(2, "{\"customer\":\"any\",\"more\":1}");
    check(3, "[]");
    check.check("other", 1, new Payload("bytes", new byte[0]));
  }

  private void broken(int version, String json, String message) {
    assertThatThrownBy(() -> check(version, json))
        .isInstanceOf(InvalidJobException.class)
        .hasNoCause()
        .hasMessage("payload of type order version " + version + " " + message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatBreaksItIsToldByPlaceAndRuleNeverByValue() {
    broken(1, "{}", "breaks its schema: / required \"customer\"");
    broken(2, "{}", "breaks its schema: / required \"customer\"");
    broken(1, "{\"customer\":\"secret\"}", "breaks its schema: /customer pattern");
    broken(
        1,
        "{\"customer\":\"c-1\",\"lines\":[{},{\"amount\":0}]}",
        "breaks its schema: /lines/1/amount minimum");
    broken(
        1,
        "{\"customer\":\"c-1\",\"notes\":{\"secret\":\"secret\"},\"secret\":1}",
        "breaks its schema: / additionalProperties, /notes/* maxLength");
    broken(
        1,
        "{\"customer\":\"c-1\",\"lines\":[" + "{\"amount\":0},".repeat(6) + "{\"amount\":0}]}",
        "breaks its schema: /lines/0/amount minimum, /lines/1/amount minimum,"
            + " /lines/2/amount minimum, /lines/3/amount minimum, /lines/4/amount minimum"
            + " and 2 more");
    broken(1, "secret", "is not JSON: JsonParseException");
    assertThatThrownBy(() -> check.check("order", 1, new Payload("bytes", new byte[0])))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("has a JSON Schema but is written by codec \"bytes\"");
  }

  @Test
  void aSchemaThatIsNoneIsRefusedWhereItIsSet() {
    JsonSchemaCheck.Builder builder = JsonSchemaCheck.builder().schema("order", 1, ORDER);
    refused(() -> builder.schema("order", 1, ORDER), "type order version 1 is set twice");
    refused(() -> builder.schema("order", 2, "{"), "type order version 2 is not JSON");
    refused(() -> builder.schema("order", 2, "[]"), "must be a JSON object");
    refused(() -> builder.schema("order", 2, "{\"pattern\":\"(\"}"), "is not a JSON Schema");
    refused(() -> builder.resource("order", 2, "schemas/none.json"), "no resource \"schemas/none");
  }

  @Test
  void aSchemaElsewhereIsNotFetched() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String ref =
          "{\"$ref\":\"http://localhost:" + server.getAddress().getPort() + "/schema.json\"}";
      refused(() -> JsonSchemaCheck.builder().schema("order", 1, ref), "is not a JSON Schema");
      assertThat(asked).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
