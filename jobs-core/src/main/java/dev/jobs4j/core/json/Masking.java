package dev.jobs4j.core.json;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.jobs4j.core.json.SensitiveMembers.Members;
import dev.jobs4j.spi.PayloadCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Walks a payload along its declared type, puts a mask in place of what is sensitive or unknown,
 * and keeps the sensitive values. For one payload; not thread-safe.
 */
final class Masking {

  private static final TextNode MASK = TextNode.valueOf(PayloadCodec.MASK);

  private final SensitiveMembers members;
  private final List<String> secrets = new ArrayList<>();

  Masking(SensitiveMembers members) {
    this.members = members;
  }

  /** The values that were masked because they are sensitive. */
  List<String> secrets() {
    return secrets;
  }

  JsonNode mask(JsonNode node, Set<JavaType> types) {
    Set<JavaType> bare = new HashSet<>();
    types.forEach(type -> bare.add(type.isReferenceType() ? type.getContentType() : type));
    if (bare.stream().anyMatch(type -> !type.isContainerType() && members.of(type).hidden())) {
      return hide(node);
    }
    if (bare.stream().anyMatch(SensitiveMembers::isFree) || node.isNull()) {
      return node;
    }
    if (node instanceof ObjectNode object) {
      return bare.stream().anyMatch(JavaType::isMapLikeType)
          ? maskMap(object, contents(bare))
          : maskObject(object, bare);
    }
    if (node instanceof ArrayNode array) {
      return maskArray(array, contents(bare));
    }
    return bare.stream().anyMatch(this::hasSensitive) ? hide(node) : node;
  }

  /** A class that is written as a single value tells its members by it. */
  private boolean hasSensitive(JavaType type) {
    return !type.isContainerType() && !members.of(type).sensitive().isEmpty();
  }

  private static Set<JavaType> contents(Set<JavaType> types) {
    Set<JavaType> contents = new HashSet<>();
    types.stream().filter(JavaType::isContainerType).forEach(t -> contents.add(t.getContentType()));
    return contents;
  }

  private JsonNode maskMap(ObjectNode map, Set<JavaType> types) {
    ObjectNode masked = JsonNodeFactory.instance.objectNode();
    map.properties().forEach(e -> masked.set(e.getKey(), mask(e.getValue(), types)));
    return masked;
  }

  private JsonNode maskArray(ArrayNode array, Set<JavaType> types) {
    if (types.isEmpty()) {
      return MASK; // an object in the shape of a list: nothing tells which place is which
    }
    ArrayNode masked = JsonNodeFactory.instance.arrayNode();
    array.forEach(element -> masked.add(mask(element, types)));
    return masked;
  }

  private JsonNode maskObject(ObjectNode object, Set<JavaType> types) {
    List<Members> declared = types.stream().map(members::of).toList();
    ObjectNode masked = JsonNodeFactory.instance.objectNode();
    object
        .properties()
        .forEach(e -> masked.set(e.getKey(), maskMember(e.getKey(), e.getValue(), declared)));
    return masked;
  }

  private JsonNode maskMember(String name, JsonNode value, List<Members> declared) {
    if (declared.stream().anyMatch(m -> m.sensitive().contains(name))) {
      return hide(value);
    }
    Set<JavaType> types = new HashSet<>();
    declared.forEach(m -> types.addAll(m.open().getOrDefault(name, Set.of())));
    return types.isEmpty() ? MASK : mask(value, types);
  }

  private JsonNode hide(JsonNode node) {
    keep(node);
    return MASK;
  }

  private void keep(JsonNode node) {
    if (node.isTextual() || node.isNumber()) {
      secrets.add(node.asText());
    }
    if (node.isFloatingPointNumber()) {
      secrets.add(Double.toString(node.doubleValue())); // as a handler with a double would tell it
    }
    node.forEach(this::keep);
  }
}
