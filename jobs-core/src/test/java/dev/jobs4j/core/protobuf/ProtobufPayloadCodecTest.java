package dev.jobs4j.core.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.jobs4j.api.InvalidJobException;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufPayloadCodecTest {

  private final ProtobufPayloadCodec codec = ProtobufPayloadCodec.create();

  @Test
  void aMessageIsItsOwnBinaryForm() {
    Timestamp time = Timestamp.newBuilder().setSeconds(1).setNanos(2).build();
    assertThat(codec.encode(time)).isEqualTo(time.toByteArray());
    assertThat(codec.decode(time.toByteArray(), Timestamp.class)).isEqualTo(time);
    assertThat(codec.writes(Timestamp.class)).isTrue();
    assertThat(codec.writes(String.class)).isFalse();
  }

  private static Value nested(int levels) {
    Value value = Value.newBuilder().setBoolValue(true).build();
    for (int i = 0; i < levels; i++) {
      value = Value.newBuilder().setListValue(ListValue.newBuilder().addValues(value)).build();
    }
    return value;
  }

  @Test
  void whatIsNestedTooDeepToBeReadIsRefusedWhenItIsWritten() {
    codec.encode(nested(49));
    refused(() -> codec.encode(nested(51)), "too many levels of nesting");
  }

  @Test
  void whatIsNotSuchAMessageIsRefused() {
    byte[] bytes = StringValue.of("secret").toByteArray();
    refused(() -> codec.decode(bytes, String.class), "can be read as a generated message");
    refused(() -> codec.decode(bytes, Message.class), "not a public generated message class");
    refused(() -> codec.encode("text"), "writes messages, got java.lang.String");
    refused(() -> codec.decode(Arrays.copyOf(bytes, 3), StringValue.class), "of 3 bytes is not a");
    refused(() -> codec.fields(bytes), "whose fields no upcaster can change");
  }

  @Test
  void anyBytesAreReadOrRefused() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      for (Type type : List.of(Value.class, Timestamp.class, StringValue.class)) {
        try {
          codec.decode(bytes, type);
        } catch (InvalidJobException e) {
          assertThat(e).hasMessageStartingWith("payload of ");
        }
      }
    }
  }

  @Test
  void fieldsThatAreToBeRedactedAreSecrets() throws DescriptorValidationException {
    Descriptor person = person();
    DynamicMessage message =
        DynamicMessage.newBuilder(person)
            .setField(person.findFieldByName("name"), "open")
            .setField(person.findFieldByName("email"), "a@b.example")
            .addRepeatedField(
                person.findFieldByName("accounts"),
                DynamicMessage.newBuilder(person)
                    .setField(person.findFieldByName("name"), "below")
                    .build())
            .build();
    assertThat(ProtobufPayloadCodec.secrets(message))
        .containsExactlyInAnyOrder("a@b.example", "below");
    assertThat(codec.secrets(StringValue.of("open").toByteArray(), StringValue.class)).isEmpty();
  }

  /** name, email [debug_redact], repeated Person accounts [debug_redact]. */
  private static Descriptor person() throws DescriptorValidationException {
    FieldOptions redacted = FieldOptions.newBuilder().setDebugRedact(true).build();
    FieldDescriptorProto.Builder text =
        FieldDescriptorProto.newBuilder()
            .setType(FieldDescriptorProto.Type.TYPE_STRING)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("person.proto")
            .addMessageType(
                DescriptorProto.newBuilder()
                    .setName("Person")
                    .addField(text.clone().setName("name").setNumber(1))
                    .addField(text.clone().setName("email").setNumber(2).setOptions(redacted))
                    .addField(
                        FieldDescriptorProto.newBuilder()
                            .setName("accounts")
                            .setNumber(3)
                            .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                            .setTypeName("Person")
                            .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                            .setOptions(redacted)))
            .build();
    return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Person");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
