package dev.jobs4j.examples.atworker;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@code rabbitmq} task publishes: {@code {"exchange": "orders", "routing_key": "paid",
 * "headers": {"tenant": "acme"}, "body": {"order": 7}}}.
 *
 * @param exchange empty for the default one, whose routing keys are the names of queues
 * @param routingKey how the exchange finds the queues
 * @param headers of the message; may be left out
 * @param body a string is sent as it is, anything else as JSON
 */
record RabbitMessage(
    String exchange,
    @JsonProperty("routing_key") String routingKey,
    Map<String, Object> headers,
    JsonNode body) {

  /** What a payload lacks is empty. */
  RabbitMessage {
    exchange = exchange == null ? "" : exchange;
    routingKey = routingKey == null ? "" : routingKey;
    headers = headers == null ? Map.of() : new LinkedHashMap<>(headers);
  }
}
