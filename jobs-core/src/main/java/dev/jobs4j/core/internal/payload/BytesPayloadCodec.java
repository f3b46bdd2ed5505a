package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;

/** Payloads of type {@code byte[]}, stored as they are. */
public final class BytesPayloadCodec implements PayloadCodec {

  @Override
  public String name() {
    return "bytes";
  }

  @Override
  public boolean writes(Type type) {
    return type == byte[].class;
  }

  @Override
  public byte[] encode(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    throw new InvalidJobException(
        "codec \"bytes\" writes byte[], got " + value.getClass().getName());
  }

  @Override
  public Object decode(byte[] bytes, Type type) {
    if (type == byte[].class) {
      return bytes.clone();
    }
    throw new InvalidJobException(
        "payload is written by codec \"bytes\" and can be read as byte[], not as "
            + type.getTypeName());
  }
}
