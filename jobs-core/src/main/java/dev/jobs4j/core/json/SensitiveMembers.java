package dev.jobs4j.core.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.jobs4j.api.Sensitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which members of payload types are {@link Sensitive}, under the names that they have in JSON; so
 * a payload can be masked without building it, also one that no longer can be built.
 */
final class SensitiveMembers {

  /**
   * What is declared about an object in JSON.
   *
   * @param hidden whether it is sensitive as a whole
   * @param sensitive the names of sensitive members
   * @param open the types of the other members; what is in neither is unknown
   */
  record Members(boolean hidden, Set<String> sensitive, Map<String, Set<JavaType>> open) {}

  private final JsonMapper mapper;
  private final Map<JavaType, Members> known = new ConcurrentHashMap<>();

  SensitiveMembers(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** What is declared for an object or text of this type, or of its known subtypes. */
  Members of(JavaType type) {
    return known.computeIfAbsent(type, this::find);
  }

  /** Whether nothing is declared about what stands here, since anything may. */
  static boolean isFree(JavaType type) {
    return type.isJavaLangObject() || type.isTypeOrSubTypeOf(JsonNode.class);
  }

  private Members find(JavaType type) {
    boolean hidden = false;
    Set<String> sensitive = new HashSet<>();
    Map<String, Set<JavaType>> open = new HashMap<>();
    for (JavaType one : withSubtypes(type)) {
      for (BeanDescription view : views(one)) {
        hidden |= view.getClassInfo().hasAnnotation(Sensitive.class);
        addTypeId(view.getClassInfo(), open);
        view.findProperties().forEach(member -> add(member, sensitive, open));
      }
    }
    open.keySet().removeAll(sensitive);
    return new Members(hidden, sensitive, open);
  }

  /** As it is written and as it is read: names and annotations may differ. */
  private List<BeanDescription> views(JavaType type) {
    BeanDescription written = mapper.getSerializationConfig().introspect(type);
    BeanDescription read = mapper.getDeserializationConfig().introspect(type);
    return List.of(written, read);
  }

  private List<JavaType> withSubtypes(JavaType type) {
    List<JavaType> types = new ArrayList<>(List.of(type));
    AnnotatedClass base =
        mapper.getDeserializationConfig().introspectClassAnnotations(type).getClassInfo();
    for (NamedType subtype :
        mapper
            .getSubtypeResolver()
            .collectAndResolveSubtypesByClass(mapper.getDeserializationConfig(), base)) {
      if (subtype.getType() != type.getRawClass()
          && type.getRawClass().isAssignableFrom(subtype.getType())) { // Integer names int as one
        types.add(mapper.getTypeFactory().constructSpecializedType(type, subtype.getType()));
      }
    }
    return types;
  }

  private void addTypeId(AnnotatedClass type, Map<String, Set<JavaType>> open) {
    JsonTypeInfo info = type.getAnnotation(JsonTypeInfo.class);
    if (info != null) {
      String name =
          info.property().isEmpty() ? info.use().getDefaultPropertyName() : info.property();
      if (name != null) {
        open.computeIfAbsent(name, n -> new HashSet<>()).add(mapper.constructType(String.class));
      }
    }
  }

  private static void add(
      BeanPropertyDefinition member, Set<String> sensitive, Map<String, Set<JavaType>> open) {
    AnnotatedMember accessor = member.getPrimaryMember(); // it has the annotations of the others
    boolean marked = accessor != null && accessor.hasAnnotation(Sensitive.class);
    Stream.concat(
            Stream.of(member.getName()),
            member.findAliases().stream().map(alias -> alias.getSimpleName()))
        .forEach(
            name -> {
              if (marked) {
                sensitive.add(name);
              } else {
                open.computeIfAbsent(name, n -> new HashSet<>()).add(member.getPrimaryType());
              }
            });
  }
}
