package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.PayloadCodec;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The codecs of one application: the type of a value decides which one writes it, the stored name
 * which one reads it. Immutable.
 */
public final class Codecs {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.]{0,15}");

  private final Map<String, PayloadCodec> byName = new LinkedHashMap<>();

  /** These codecs; of several that write a type the first one does. */
  public Codecs(List<PayloadCodec> codecs) {
    for (PayloadCodec codec : codecs) {
      if (!NAME.matcher(codec.name()).matches()) {
        throw new InvalidJobException(
            "codec name must be 1 to 16 of a-z 0-9 . and start with a letter, was \""
                + codec.name()
                + "\": "
                + codec.getClass().getName());
      }
      PayloadCodec other = byName.putIfAbsent(codec.name(), codec);
      if (other != null) {
        throw new InvalidJobException(
            "Two codecs named \""
                + codec.name()
                + "\": "
                + other.getClass().getName()
                + " and "
                + codec.getClass().getName());
      }
    }
  }

  /** Whether there is a codec of this name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The one that writes values of a type. */
  PayloadCodec writing(Type type) {
    return byName.values().stream()
        .filter(codec -> codec.writes(type))
        .findFirst()
        .orElseThrow(
            () -> new InvalidJobException("no codec writes " + type.getTypeName() + ": add one"));
  }

  /** The one that reads what was written under a name. */
  PayloadCodec reading(String name) {
    PayloadCodec codec = byName.get(name);
    if (codec == null) {
      throw new InvalidJobException(
          "payload is written by codec \""
              + name
              + "\", this engine reads "
              + byName.keySet()
              + ": set it with codec(..)");
    }
    return codec;
  }
}
