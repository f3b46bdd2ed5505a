package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The handlers of one engine by the names of their types, aliases included. Immutable. */
public final class Handlers {

  private final Map<String, Handler> byName = new LinkedHashMap<>();
  private final List<LetterHandler> letters;

  /** Handlers without any for dead letters. */
  public Handlers(Collection<Handler> handlers) {
    this(handlers, List.of());
  }

  /**
   * Two handlers of one name are refused, naming both; so is a name that no type can have, and a
   * handler for dead letters that can never be run.
   */
  public Handlers(Collection<Handler> handlers, Collection<LetterHandler> letters) {
    this.letters = List.copyOf(letters);
    for (Handler handler : handlers) {
      put(handler.type(), handler);
      handler.options().aliases().forEach(alias -> put(alias, handler));
    }
    letters.forEach(letter -> letter.check(of(letter.scope().type())));
    letters.forEach(letter -> put(letter.scope().jobType(), letter.handler()));
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
    return byName.values().stream()
        .filter(handler -> !isForLetters(handler))
        .map(h -> h.options().queue())
        .collect(Collectors.toSet());
  }

  private static boolean isForLetters(Handler handler) {
    return handler.payloadType() == Letter.class;
  }

  /** The handlers for dead letters. */
  public List<LetterHandler> letters() {
    return letters;
  }

  /** The handler that is run for a dead letter; none if that is one of such a run itself. */
  public Optional<Handler> forLetter(DeadLetter letter) {
    if (letters.isEmpty() || of(letter.type()).filter(Handlers::isForLetters).isPresent()) {
      return Optional.empty();
    }
    String type = of(letter.type()).map(Handler::type).orElse(letter.type());
    return of(LetterScope.ofType(type).jobType())
        .or(() -> of(LetterScope.inQueue(letter.queue()).jobType()))
        .or(() -> of(LetterScope.all().jobType()));
  }
}
