package dev.jobs4j.core.internal.handler;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobExecutor;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a method's arguments come from: the payload for at most one of them, the attempt's context
 * for the others.
 *
 * @param payload what the payload is decoded to; null if the method takes none
 */
record Parameters(@Nullable Type payload, List<Argument> arguments) {

  /** Makes one argument of a call. */
  @FunctionalInterface
  interface Argument {
    Object of(Object payload, JobContext context);
  }

  /**
   * Reads them off a method.
   *
   * @throws InvalidJobException if more than one parameter is left for the payload
   */
  static Parameters of(Method method, Injections injections, String origin) {
    Class<?>[] types = method.getParameterTypes();
    List<Argument> arguments = new ArrayList<>(types.length);
    Type payload = null;
    for (int i = 0; i < types.length; i++) {
      Function<? super JobContext, ?> injected = injections.of(types[i]).orElse(null);
      if (injected != null) {
        arguments.add(injected(injected, types[i], origin));
      } else if (payload == null) {
        payload = method.getGenericParameterTypes()[i];
        arguments.add((given, context) -> given);
      } else {
        throw new InvalidJobException(
            "@JobHandler "
                + origin
                + " may take one payload, takes "
                + payload.getTypeName()
                + " and "
                + types[i].getName()
                + "; what else it needs must be given to inject(..), which knows "
                + injections);
      }
    }
    return new Parameters(payload, arguments);
  }

  private static Argument injected(
      Function<? super JobContext, ?> value, Class<?> type, String origin) {
    return (payload, context) -> {
      Object argument = value.apply(context);
      if (argument == null) {
        throw new JobException("inject(" + type.getName() + ", ..) gave null: handler=" + origin);
      }
      return argument;
    };
  }

  JobExecutor<Object> executor(MethodHandle call) {
    MethodHandle spread = call.asSpreader(Object[].class, arguments.size());
    return (payload, context) -> {
      Object[] given = new Object[arguments.size()];
      for (int i = 0; i < given.length; i++) {
        given[i] = arguments.get(i).of(payload, context);
      }
      return invoke(spread, given);
    };
  }

  static @Nullable Object invoke(MethodHandle spread, @Nullable Object[] arguments)
      throws Exception {
    try {
      return spread.invoke(arguments);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new InvalidJobException("Handler threw a bare Throwable", e);
    }
  }
}
