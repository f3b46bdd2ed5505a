package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.core.internal.handler.Handler;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The steps that bring payloads of earlier versions to the one their handler takes. */
public final class Upcasts {

  /** Which payloads a step takes: those of a type in this version; it makes the next version. */
  private record From(String type, int version) {}

  private final Map<From, UnaryOperator<Map<String, @Nullable Object>>> steps = new HashMap<>();

  /** Adds the step from a version to the next; a second one is refused. */
  public void add(String type, int from, UnaryOperator<Map<String, @Nullable Object>> step) {
    if (from < 1) {
      throw new InvalidJobException("upcast(" + type + ", " + from + "): versions start at 1");
    }
    if (steps.putIfAbsent(new From(type, from), step) != null) {
      throw new InvalidJobException("upcast(" + type + ", " + from + ") is set twice");
    }
  }

  /** Refuses steps that no payload can ever meet, given who handles a type. */
  public void check(Function<String, Optional<Handler>> handlers) {
    for (From from : steps.keySet()) {
      String step = "upcast(" + from.type + ", " + from.version + ")";
      Handler handler =
          handlers
              .apply(from.type)
              .filter(h -> h.type().equals(from.type))
              .orElseThrow(
                  () ->
                      new InvalidJobException(
                          step + ": no handler of that type; name it as the handler does"));
      if (from.version >= handler.version()) {
        throw new InvalidJobException(
            step
                + ": the handler takes version "
                + handler.version()
                + ", so it ends before this step: "
                + handler.origin());
      }
    }
  }

  /** Whether anything changes on the way from one version to another. */
  boolean any(String type, int from, int to) {
    for (int version = from; version < to; version++) {
      if (steps.containsKey(new From(type, version))) {
        return true;
      }
    }
    return false;
  }

  /** Takes the steps from one version to another; where there is none the fields stay. */
  Map<String, @Nullable Object> apply(
      String type, int from, int to, Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> current = fields;
    for (int version = from; version < to; version++) {
      var step = steps.get(new From(type, version));
      if (step != null) {
        current = step.apply(current);
        if (current == null) {
          throw new InvalidJobException("upcast(" + type + ", " + version + ") returned null");
        }
      }
    }
    return current;
  }
}
