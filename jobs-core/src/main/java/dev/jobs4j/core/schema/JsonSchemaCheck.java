package dev.jobs4j.core.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PayloadCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks JSON payloads against a JSON Schema for each type and version, by networknt's
 * json-schema-validator: draft 2020-12 unless {@code $schema} says another. Types and versions
 * without a schema are not checked. Nothing is fetched: a {@code $ref} to elsewhere is refused when
 * the check is made.
 */
public final class JsonSchemaCheck implements PayloadCheck {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** What a schema is for. */
  private record Kind(String type, int version) {}

  private final Map<Kind, CompiledSchema> schemas;

  private JsonSchemaCheck(Map<Kind, CompiledSchema> schemas) {
    this.schemas = Map.copyOf(schemas);
  }

  /** Starts without a schema. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public void check(String type, int version, Payload payload) {
    CompiledSchema schema = schemas.get(new Kind(type, version));
    if (schema == null) {
      return;
    }
    String what = "payload of type " + type + " version " + version;
    if (!payload.codec().equals("json")) {
      throw new InvalidJobException(
          what + " has a JSON Schema but is written by codec \"" + payload.codec() + "\"");
    }
    schema
        .violations(parse(what, payload.bytes()))
        .ifPresent(
            text -> {
              throw new InvalidJobException(what + " breaks its schema: " + text);
            });
  }

  private static JsonNode parse(String what, byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) { // without its cause, which quotes the payload
      throw new InvalidJobException(what + " is not JSON: " + e.getClass().getSimpleName());
    }
  }

  /** Collects schemas; not thread-safe. */
  public static final class Builder {

    private final Map<Kind, CompiledSchema> schemas = new HashMap<>();
    private final SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            settings -> settings.schemaLoader(loader -> loader.fetchRemoteResources(false)));

    private Builder() {}

    /**
     * Checks payloads of a type in this version against the schema in {@code text}.
     *
     * @throws InvalidJobException if it is not a schema, or there is one already
     */
    public Builder schema(String type, int version, String text) {
      String what = "schema of type " + type + " version " + version;
      if (schemas.containsKey(new Kind(type, version))) {
        throw new InvalidJobException(what + " is set twice");
      }
      schemas.put(new Kind(type, version), CompiledSchema.of(what, read(what, text), registry));
      return this;
    }

    /**
     * Checks payloads of a type in this version against the schema in a resource of the class path.
     *
     * @param path such as {@code schemas/invoice-2.json}
     * @throws InvalidJobException as {@link #schema}, and if there is no such resource
     */
    public Builder resource(String type, int version, String path) {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      ClassLoader loader = context == null ? JsonSchemaCheck.class.getClassLoader() : context;
      try (InputStream in = loader.getResourceAsStream(path)) {
        if (in == null) {
          throw new InvalidJobException(
              "schema of type " + type + " version " + version + ": no resource \"" + path + "\"");
        }
        return schema(type, version, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new InvalidJobException("resource \"" + path + "\" cannot be read", e);
      }
    }

    private static JsonNode read(String what, String text) {
      try {
        return MAPPER.readTree(text);
      } catch (IOException e) {
        throw new InvalidJobException(what + " is not JSON: " + e.getMessage(), e);
      }
    }

    /** The check with all schemas so far. */
    public JsonSchemaCheck build() {
      return new JsonSchemaCheck(schemas);
    }
  }
}
