package dev.jobs4j.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.PayloadCodec;
import java.io.IOException;
import java.lang.reflect.Type;

/**
 * Plain JSON. The handler's declared type decides what is built, never the stored text: there is no
 * default typing and no class name on the wire. Fields that a payload class does not know are
 * ignored, so that a newer writer does not stop an older reader; nesting is limited to 200 levels.
 */
public final class JacksonPayloadCodec implements PayloadCodec {

  private final JsonMapper mapper;

  private JacksonPayloadCodec(JsonMapper mapper) {
    this.mapper = mapper;
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
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build());
  }

  /**
   * The codec with a mapper of the caller, which is copied. Polymorphic default typing is refused.
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
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new InvalidJobException(
          "payload of "
              + value.getClass().getName()
              + " cannot be written as JSON: "
              + e.getOriginalMessage(),
          e);
    }
  }

  @Override
  public Object decode(byte[] bytes, Type type) {
    try {
      Object value = mapper.readValue(bytes, mapper.constructType(type));
      if (value == null) {
        throw new InvalidJobException("payload is null, expected " + type.getTypeName());
      }
      return value;
    } catch (IOException e) {
      String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "" + e;
      throw new InvalidJobException(
          "payload of " + bytes.length + " bytes is not a " + type.getTypeName() + ": " + why, e);
    }
  }
}
