package dev.jobs4j.examples.atworker;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT, by the names that the log has for them. A shutdown hook could not tell one
 * from the other, nor let the process end with 0. Who sends the same one again does not want to
 * wait for what still runs: then the thread that waited is interrupted.
 */
final class StopSignal {

  private static final Map<String, String> NAMES = Map.of("TERM", "terminated", "INT", "interrupt");

  private final BlockingQueue<String> first = new ArrayBlockingQueue<>(1);
  private final Thread waiting;
  private @Nullable String raised;

  private StopSignal(Thread waiting) {
    this.waiting = waiting;
  }

  /** From now on signals come here, and the calling thread is the one that waits. */
  static StopSignal install() {
    StopSignal stop = new StopSignal(Thread.currentThread());
    NAMES.forEach(
        (name, shown) ->
            handle(
                name,
                (proxy, method, arguments) -> {
                  stop.raise(shown);
                  return null;
                }));
    return stop;
  }

  /** Of sun.misc.Signal, which is in every JDK; by reflection, as javac warns of it by name. */
  private static void handle(String name, InvocationHandler action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              StopSignal.class.getClassLoader(), new Class<?>[] {handler}, action);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
    } catch (ReflectiveOperationException e) {
      throw new StartException("this Java cannot be told to stop by SIG" + name, e);
    }
  }

  private synchronized void raise(String name) {
    if (raised == null) {
      raised = name;
      first.add(name);
    } else if (raised.equals(name)) {
      waiting.interrupt();
    }
  }

  /** Waits for the first signal; its name. */
  String await() throws InterruptedException {
    return first.take();
  }
}
