package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The handlers of one engine by type. Immutable. */
public final class Handlers {

  private final Map<String, Handler> byType = new LinkedHashMap<>();

  /** Two handlers of one type are refused, naming both. */
  public Handlers(Collection<Handler> handlers) {
    for (Handler handler : handlers) {
      Handler other = byType.putIfAbsent(handler.type(), handler);
      if (other != null) {
        throw new InvalidJobException(
            "Two handlers of type \""
                + handler.type()
                + "\": "
                + other.origin()
                + " and "
                + handler.origin());
      }
    }
  }

  /** The handler of a type. */
  public Optional<Handler> of(String type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** All types that this engine knows. */
  public Set<String> types() {
    return byType.keySet();
  }

  /** All queues that the handlers name. */
  public Set<JobQueue> queues() {
    return byType.values().stream().map(h -> h.options().queue()).collect(Collectors.toSet());
  }
}
