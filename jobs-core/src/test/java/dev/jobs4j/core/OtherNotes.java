package dev.jobs4j.core;

import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** A store as it is, but for its notes. */
final class OtherNotes {

  private OtherNotes() {}

  /** The store with other notes. */
  static JobStore of(JobStore store, Optional<JobNotes> notes) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals("notes")) {
                return notes;
              }
              try {
                return called.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
