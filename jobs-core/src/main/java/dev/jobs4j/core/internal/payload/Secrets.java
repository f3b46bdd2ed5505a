package dev.jobs4j.core.internal.payload;

import dev.jobs4j.spi.PayloadCodec;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sensitive values of one payload, to be taken out of what is told about its job. */
public final class Secrets {

  /** Shorter ones stand everywhere; to mask them would tell more than it hides. */
  private static final int SHORTEST = 4;

  /** Beyond it a text is masked as a whole instead of searched. */
  private static final int MOST = 1_000;

  static final Secrets NONE = new Secrets(List::of);

  private final Supplier<List<String>> values;

  /** Looked up once, the longest first: one may contain another. */
  private volatile @Nullable List<String> searched;

  /** Values that are looked up only when there is something to hide. */
  Secrets(Supplier<List<String>> values) {
    this.values = values;
  }

  /** The text with a mask in place of each value; all mask if the values cannot be told. */
  public String hide(String text) {
    List<String> all;
    try {
      all = searched();
    } catch (RuntimeException | StackOverflowError e) { // codecs are foreign code
      return PayloadCodec.MASK;
    }
    if (all.size() > MOST) {
      return PayloadCodec.MASK;
    }
    String hidden = text;
    for (String value : all) {
      hidden = hidden.replace(value, PayloadCodec.MASK);
    }
    return hidden;
  }

  private List<String> searched() {
    List<String> found = searched;
    if (found == null) {
      found =
          values.get().stream()
              .filter(value -> value.length() >= SHORTEST)
              .distinct()
              .sorted(Comparator.comparingInt(String::length).reversed())
              .toList();
      searched = found;
    }
    return found;
  }
}
