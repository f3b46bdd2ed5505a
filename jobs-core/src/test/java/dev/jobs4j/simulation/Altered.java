package dev.jobs4j.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Makes something that is the same as another but for one of its calls. */
final class Altered {

  /** What is done instead of a call; {@code good} would do as ever. */
  @FunctionalInterface
  interface Way {
    @Nullable Object call(Object[] arguments, Callable<@Nullable Object> good) throws Exception;
  }

  private Altered() {}

  /** The same with another way for the calls of this name. */
  static <T> T of(Class<T> side, T good, String name, Way way) {
    return side.cast(
        Proxy.newProxyInstance(
            Altered.class.getClassLoader(),
            new Class<?>[] {side},
            (proxy, method, given) -> {
              Object[] arguments = given == null ? new Object[0] : given;
              Callable<@Nullable Object> as =
                  () -> {
                    try {
                      return method.invoke(good, arguments);
                    } catch (InvocationTargetException e) {
                      if (e.getCause() instanceof Exception cause) {
                        throw cause;
                      }
                      throw (Error) e.getCause();
                    }
                  };
              return method.getName().equals(name) ? way.call(arguments, as) : as.call();
            }));
  }
}
