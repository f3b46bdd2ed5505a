package dev.jobs4j.core.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Parser;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Generated Protocol Buffers messages in their binary form. Fields that the reader does not know
 * are kept, as usual with them; nesting is limited to 100 levels, also when it is written. A field
 * with the option {@code debug_redact} counts as {@link dev.jobs4j.api.Sensitive}.
 */
public final class ProtobufPayloadCodec implements PayloadCodec {

  private static final int MAX_DEPTH = 100;

  private final ClassValue<Parser<? extends MessageLite>> parsers =
      new ClassValue<>() {
        @Override
        protected Parser<? extends MessageLite> computeValue(Class<?> type) {
          return parserOf(type);
        }
      };

  private ProtobufPayloadCodec() {}

  /** The codec for all generated messages. */
  public static ProtobufPayloadCodec create() {
    return new ProtobufPayloadCodec();
  }

  @Override
  public String name() {
    return "protobuf";
  }

  @Override
  public boolean writes(Type type) {
    return type instanceof Class<?> c && MessageLite.class.isAssignableFrom(c);
  }

  @Override
  public byte[] encode(Object value) {
    if (!(value instanceof MessageLite message)) {
      throw new InvalidJobException(
          "codec \"protobuf\" writes messages, got " + value.getClass().getName());
    }
    byte[] bytes;
    try {
      bytes = message.toByteArray();
    } catch (StackOverflowError e) {
      throw new InvalidJobException(
          value.getClass().getName() + " is nested too deep to be written");
    }
    parse(bytes, value.getClass()); // better refused to its writer than found dead by its reader
    return bytes;
  }

  @Override
  public Object decode(byte[] bytes, Type type) {
    return parse(bytes, type);
  }

  private MessageLite parse(byte[] bytes, Type type) {
    if (!(type instanceof Class<?> message) || !MessageLite.class.isAssignableFrom(message)) {
      throw new InvalidJobException(
          "payload is written by codec \"protobuf\" and can be read as a generated message, not as "
              + type.getTypeName());
    }
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.setRecursionLimit(MAX_DEPTH);
      MessageLite value = parsers.get(message).parseFrom(in);
      in.checkLastTagWas(0);
      return value;
    } catch (InvalidProtocolBufferException e) { // its messages tell of the form alone
      throw new InvalidJobException(
          "payload of "
              + bytes.length
              + " bytes is not a "
              + type.getTypeName()
              + ": "
              + e.getMessage());
    }
  }

  private static Parser<? extends MessageLite> parserOf(Class<?> type) {
    try {
      MessageLite instance = (MessageLite) type.getMethod("getDefaultInstance").invoke(null);
      return instance.getParserForType();
    } catch (ReflectiveOperationException | NullPointerException e) {
      throw new InvalidJobException(
          type.getName() + " is not a public generated message class: name one in the job type", e);
    }
  }

  @Override
  public List<String> secrets(byte[] bytes, Type type) {
    return parse(bytes, type) instanceof Message message ? secrets(message) : List.of();
  }

  static List<String> secrets(Message message) {
    List<String> secrets = new ArrayList<>();
    collect(message, false, secrets);
    return secrets;
  }

  private static void collect(Object value, boolean sensitive, List<String> secrets) {
    if (value instanceof MessageOrBuilder message) {
      message
          .getAllFields()
          .forEach((field, content) -> collect(content, sensitive || isRedacted(field), secrets));
    } else if (value instanceof Collection<?> many) {
      many.forEach(one -> collect(one, sensitive, secrets));
    } else if (sensitive && (value instanceof String || value instanceof Number)) {
      secrets.add(value.toString());
    }
  }

  private static boolean isRedacted(FieldDescriptor field) {
    return field.getOptions().getDebugRedact();
  }
}
