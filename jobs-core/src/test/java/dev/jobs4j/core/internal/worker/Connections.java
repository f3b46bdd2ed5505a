package dev.jobs4j.core.internal.worker;

import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** What can happen between an engine and its store, on command. */
final class Connections {

  private Connections() {}

  /** The real store, whose named calls take effect and then lose their reply, so often. */
  static JobStore losing(JobStore store, String method, int[] times) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              Object reply;
              try {
                reply = called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (called.getName().equals(method) && times[0] > 0) {
                times[0]--;
                throw new StoreException("reply lost", Certainty.UNKNOWN, new IOException("cut"));
              }
              return reply;
            });
  }

  /** The real store, whose named calls fail without effect, so often. */
  static JobStore failing(JobStore store, String method, int[] times) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && times[0] > 0) {
                times[0]--;
                throw new StoreException("away", Certainty.NOT_DONE, new IOException("refused"));
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** The real store; the first of the named calls finds that something has happened on its way. */
  static JobStore delaying(JobStore store, String method, Runnable meanwhile) {
    boolean[] happened = {false};
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && !happened[0]) {
                happened[0] = true;
                meanwhile.run();
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
