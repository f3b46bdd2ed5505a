package dev.jobs4j.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.PayloadCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plain JSON. The handler's declared type decides what is built, never the stored text: there is no
 * default typing and no class name on the wire. Fields that a payload class does not know are
 * ignored, so that a newer writer does not stop an older reader. What breaks the limits on reading
 * (nesting to 200 levels, numbers to 1,000 characters, texts to 20 million) is refused when it is
 * written.
 */
public final class JacksonPayloadCodec implements PayloadCodec {

  private final JsonMapper mapper;
  private final ObjectReader fields;
  private final ObjectReader trees;
  private final SensitiveMembers members;

  private JacksonPayloadCodec(JsonMapper mapper) {
    this.mapper = mapper;
    fields =
        mapper
            .readerFor(new TypeReference<LinkedHashMap<String, Object>>() {})
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS); // money survives an upcast
    trees =
        mapper
            .readerFor(JsonNode.class)
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    members = new SensitiveMembers(mapper);
  }

  /** The codec with Jackson modules found on the class path, such as those for java.time. */
  public static JacksonPayloadCodec create() {
    return new JacksonPayloadCodec(
        JsonMapper.builder(
                JsonFactory.builder()
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(200).build())
                    .build())
            .findAndAddModules()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build());
  }

  /**
   * The codec with a mapper of the caller, which is copied, and its limits. Polymorphic default
   * typing is refused.
   */
  public static JacksonPayloadCodec of(JsonMapper mapper) {
    if (mapper.getDeserializationConfig().getDefaultTyper(mapper.constructType(Object.class))
        != null) {
      throw new InvalidJobException(
          "mapper must not use default typing: stored text would choose classes");
    }
    return new JacksonPayloadCodec(mapper.copy());
  }

  @Override
  public String name() {
    return "json";
  }

  @Override
  public byte[] encode(Object value) {
    byte[] bytes;
    try {
      bytes = mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new InvalidJobException(
          value.getClass().getName() + " cannot be written as JSON: " + JsonTrouble.of(e));
    }
    requireReadable(bytes, value.getClass());
    return bytes;
  }

  /** Better refused to its writer than found dead by its reader. */
  private void requireReadable(byte[] bytes, Class<?> written) {
    try (JsonParser parser = mapper.getFactory().createParser(bytes)) {
      while (parser.nextToken() != null) {
        // its limits are checked as it goes
      }
    } catch (JsonProcessingException e) {
      throw new InvalidJobException(
          written.getName() + " is JSON that could not be read back: " + JsonTrouble.of(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in an array
    }
  }

  @Override
  public Object decode(byte[] bytes, Type type) {
    return read(bytes, type, mapper.readerFor(mapper.constructType(type)));
  }

  @Override
  @SuppressWarnings("unchecked") // the reader makes nothing else
  public Map<String, @Nullable Object> fields(byte[] bytes) {
    return (Map<String, @Nullable Object>) read(bytes, Map.class, fields);
  }

  @Override
  public List<String> secrets(byte[] bytes, Type type) {
    JavaType declared = mapper.constructType(type);
    Masking masking = new Masking(members);
    masking.mask((JsonNode) read(bytes, type, trees), Set.of(declared));
    return masking.secrets();
  }

  @Override
  public String masked(byte[] bytes, @Nullable Type type) {
    if (type == null) {
      return MASK;
    }
    try {
      JsonNode tree = (JsonNode) read(bytes, type, trees);
      return mapper.writeValueAsString(
          new Masking(members).mask(tree, Set.of(mapper.constructType(type))));
    } catch (JsonProcessingException | RuntimeException e) {
      return MASK; // what cannot be read cannot be told apart
    }
  }

  private static Object read(byte[] bytes, Type type, ObjectReader reader) {
    Object value;
    try {
      value = reader.readValue(bytes);
    } catch (JsonProcessingException e) {
      throw new InvalidJobException(
          "payload of "
              + bytes.length
              + " bytes is not a "
              + type.getTypeName()
              + ": "
              + JsonTrouble.of(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in an array
    }
    if (value == null) {
      throw new InvalidJobException("payload is null, expected " + type.getTypeName());
    }
    return value;
  }
}
