package dev.jobs4j.simulation;

import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.simulation.Network.Call;
import dev.jobs4j.simulation.Network.Way;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one node with the store that all share: calls may be late, lost or refused, and
 * so may their answers. What is under way arrives even if its sender is gone by then.
 */
final class Wire {

  /** Answered by the client's side of a store, from memory. */
  private static final Set<String> LOCAL =
      Set.of("capabilities", "hasMetLimits", "opensIn", "close");

  /** The sides of a store. */
  private static final Map<String, Class<?>> SIDES =
      Map.of(
          "records",
          JobRecords.class,
          "letters",
          DeadLetterRecords.class,
          "schedules",
          ScheduleStore.class,
          "notes",
          JobNotes.class,
          "pauses",
          Pauses.class,
          "limits",
          JobLimits.class);

  private static final Mailbox EMPTY = new Mailbox(List.of());

  private final World world;
  private final Node node;

  /** A store has one of each, by which it is known. */
  private final Map<String, Object> sides = new HashMap<>();

  Wire(World world, Node node) {
    this.world = world;
    this.node = node;
  }

  /** The store as its node sees it. */
  JobStore store(JobStore shared) {
    return over(JobStore.class, shared);
  }

  private <T> T over(Class<T> side, Object shared) {
    return side.cast(
        Proxy.newProxyInstance(
            Wire.class.getClassLoader(),
            new Class<?>[] {side},
            (proxy, method, arguments) ->
                through(shared, method, arguments == null ? new Object[0] : arguments)));
  }

  private @Nullable Object through(Object shared, Method method, Object[] arguments)
      throws Throwable {
    String what = method.getName();
    if (SIDES.containsKey(what)) {
      Object known = sides.get(what);
      if (known == null) {
        known = side(what, invoke(shared, method, arguments));
        sides.put(what, known);
      }
      return known;
    }
    if (LOCAL.contains(what) || method.getDeclaringClass() == Object.class) {
      return invoke(shared, method, arguments);
    }
    return call(new Request(what, shared, method, arguments));
  }

  private Object side(String what, @Nullable Object found) {
    Class<?> type = SIDES.get(what);
    return found instanceof Optional<?> optional
        ? optional.map(value -> over(type, value))
        : over(type, found);
  }

  private static @Nullable Object invoke(Object shared, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(shared, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** One call, and what came of it once it has arrived. */
  private final class Request {
    final String what;
    private final Object shared;
    private final Method method;
    private final Object[] arguments;
    private @Nullable Object answer;
    private @Nullable Throwable error;

    Request(String what, Object shared, Method method, Object[] arguments) {
      this.what = what;
      this.shared = shared;
      this.method = method;
      this.arguments = arguments;
    }

    void arrive() {
      if (world.network().isDown()) {
        error = failure(Certainty.UNKNOWN, "the store went away");
        return;
      }
      try {
        answer =
            world
                .recorder()
                .effect(
                    node,
                    what,
                    arguments,
                    () -> {
                      try {
                        return method.invoke(shared, arguments);
                      } catch (InvocationTargetException e) {
                        error = e.getCause();
                        throw new IllegalStateException(e);
                      }
                    });
        if (!isNothing(answer)) {
          world.note(() -> node + " " + what + " = " + shortly(answer));
        }
      } catch (Exception e) {
        Throwable thrown = error;
        if (!(thrown instanceof JobException)) { // neither a refusal nor a failure: a broken test
          throw new IllegalStateException(what + " failed", thrown == null ? e : thrown);
        }
        world.note(() -> node + " " + what + " refused: " + thrown.getMessage());
      }
    }

    @Nullable Object result() throws Throwable {
      if (error != null) {
        throw error;
      }
      return answer;
    }
  }

  /** The answers of an idle store would fill the trace. */
  private static boolean isNothing(@Nullable Object answer) {
    return (answer instanceof Collection<?> list && list.isEmpty())
        || (answer instanceof Reaped reaped && reaped.isEmpty())
        || (answer instanceof Optional<?> mailbox && mailbox.equals(Optional.of(EMPTY)));
  }

  private static String shortly(@Nullable Object answer) {
    String text = answer instanceof List<?> list ? list.size() + " " + list : "" + answer;
    return text.length() > 160 ? text.substring(0, 160) : text;
  }

  private @Nullable Object call(Request request) throws Throwable {
    if (node.isGone()) {
      throw failure(Certainty.NOT_DONE, "its process is gone");
    }
    Crew.Strand strand = Crew.current();
    Call call = world.network().call(node.mayCrash(), strand != null);
    if (call.way() != Way.WELL || call.takesTime()) {
      world.note(() -> node + " " + request.what + " goes " + call);
    }
    boolean renewing = request.what.equals("renew") || request.what.equals("register");
    long sentAt = world.agenda().nanos();
    if (renewing && call.way() != Way.WELL) {
      node.troubled();
    }
    Object answer = answer(request, call, strand);
    if (renewing) {
      node.renewed(sentAt, answer);
    }
    return answer;
  }

  private @Nullable Object answer(Request request, Call call, Crew.@Nullable Strand strand)
      throws Throwable {
    switch (call.way()) {
      case CRASH_BEFORE:
        throw crash();
      case REFUSED:
        throw failure(Certainty.NOT_DONE, "refused");
      case ERROR:
        throw new LinkageError("a driver that lacks a class");
      default:
        break;
    }
    if (world.network().isDown()) {
      node.troubled();
      throw failure(Certainty.NOT_DONE, "the store is away");
    }
    if (strand != null && call.takesTime()) {
      underWay(request, call, strand);
    } else if (call.way() != Way.LOST_REQUEST) {
      request.arrive();
    }
    return switch (call.way()) {
      case CRASH_AFTER -> throw crash();
      case LOST_REQUEST, LOST_REPLY -> throw failure(Certainty.UNKNOWN, "the connection broke");
      default -> request.result();
    };
  }

  /** The call travels, and its sender waits; what it does then is the node's. */
  private void underWay(Request request, Call call, Crew.Strand strand) {
    node.calls(request.what, 1);
    try {
      world
          .agenda()
          .in(
              call.there(),
              () -> {
                if (call.way() != Way.LOST_REQUEST) {
                  request.arrive();
                }
                world.agenda().in(call.back(), node, strand::goOn);
              });
      strand.pause(() -> {});
    } finally {
      node.calls(request.what, -1);
    }
  }

  private Throwable crash() {
    node.crash("at a call");
    return new Crew.CutOff();
  }

  private static StoreException failure(Certainty certainty, String why) {
    return new StoreException(why, certainty, new IOException(why));
  }
}
