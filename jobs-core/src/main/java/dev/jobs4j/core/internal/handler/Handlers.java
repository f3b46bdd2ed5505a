package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The handlers of one engine by the names of their types, aliases included. Immutable. */
public final class Handlers {

  private final Map<String, Handler> byName = new LinkedHashMap<>();

  /** Two handlers of one name are refused, naming both; so is a name that no type can have. */
  public Handlers(Collection<Handler> handlers) {
    for (Handler handler : handlers) {
      put(handler.type(), handler);
      handler.options().aliases().forEach(alias -> put(alias, handler));
    }
  }

  private void put(String name, Handler handler) {
    check(name, handler);
    Handler other = byName.putIfAbsent(name, handler);
    if (other != null) {
      throw new InvalidJobException(
          "Two handlers of type \""
              + name
              + "\": "
              + said(other, name)
              + " and "
              + said(handler, name));
    }
  }

  private static void check(String name, Handler handler) {
    try {
      JobType.of(name, Object.class).version(handler.version());
    } catch (InvalidJobException e) {
      throw new InvalidJobException(handler.origin() + ": " + e.getMessage(), e);
    }
  }

  private static String said(Handler handler, String name) {
    return handler.type().equals(name)
        ? handler.origin()
        : handler.origin() + " (as an alias of \"" + handler.type() + "\")";
  }

  /** The handler of a type, by its name or one of its aliases. */
  public Optional<Handler> of(String type) {
    return Optional.ofNullable(byName.get(type));
  }

  /** The handler that can take jobs of a type in this version of their payload. */
  public Optional<Handler> of(String type, int version) {
    return of(type).filter(handler -> version <= handler.version());
  }

  /** All names that this engine knows, each with the newest version of its payload it reads. */
  public Map<String, Integer> types() {
    Map<String, Integer> versions = new LinkedHashMap<>();
    byName.forEach((name, handler) -> versions.put(name, handler.version()));
    return Collections.unmodifiableMap(versions);
  }

  /** All queues that the handlers name. */
  public Set<JobQueue> queues() {
    return byName.values().stream().map(h -> h.options().queue()).collect(Collectors.toSet());
  }
}
