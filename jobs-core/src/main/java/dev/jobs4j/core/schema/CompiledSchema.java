package dev.jobs4j.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.path.NodePath;
import dev.jobs4j.api.InvalidJobException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One schema, and the names that it gives itself: only those are told in errors. */
final class CompiledSchema {

  private static final int MOST_TOLD = 5;

  private final Schema schema;
  private final Set<String> names;

  private CompiledSchema(Schema schema, Set<String> names) {
    this.schema = schema;
    this.names = names;
  }

  static CompiledSchema of(String what, JsonNode text, SchemaRegistry registry) {
    if (!text.isObject()) {
      throw new InvalidJobException(what + " must be a JSON object");
    }
    try {
      Schema schema = registry.getSchema(text);
      schema.initializeValidators();
      Set<String> names = new HashSet<>();
      addNames(text, names);
      return new CompiledSchema(schema, names);
    } catch (RuntimeException e) { // the validator has exceptions of its own
      throw new InvalidJobException(what + " is not a JSON Schema: " + e.getMessage(), e);
    }
  }

  private static void addNames(JsonNode node, Set<String> names) {
    JsonNode properties = node.path("properties");
    properties.fieldNames().forEachRemaining(names::add);
    node.path("required").forEach(name -> names.add(name.asText()));
    node.forEach(child -> addNames(child, names));
  }

  /** Where it is broken and by which rule; empty if it holds. */
  Optional<String> violations(JsonNode payload) {
    List<String> told =
        schema.validate(payload).stream().map(this::tell).distinct().sorted().toList();
    if (told.isEmpty()) {
      return Optional.empty();
    }
    String first = told.stream().limit(MOST_TOLD).collect(Collectors.joining(", "));
    return Optional.of(
        told.size() > MOST_TOLD ? first + " and " + (told.size() - MOST_TOLD) + " more" : first);
  }

  private String tell(Error error) {
    String property = error.getProperty();
    boolean named = property != null && names.contains(property);
    return place(error.getInstanceLocation())
        + " "
        + error.getKeyword()
        + (named ? " \"" + property + "\"" : "");
  }

  /** Names that the schema does not give are content, such as the keys of a map. */
  private String place(NodePath path) {
    StringBuilder place = new StringBuilder();
    for (int i = 0; i < path.getNameCount(); i++) {
      Object step = path.getElement(i);
      boolean told = step instanceof Integer || names.contains(String.valueOf(step));
      place.append('/').append(told ? step : "*");
    }
    return place.isEmpty() ? "/" : place.toString();
  }
}
