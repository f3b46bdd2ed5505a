package dev.jobs4j.core;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.core.JobsBuilder.NamedStore;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.core.internal.client.Backend;
import dev.jobs4j.spi.JobTransport;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the jobs of each queue live: in the transport or the store that names it, or else in the
 * store of all other queues, if there is one.
 */
final class Routes {

  private final List<NamedStore> stores;
  private final List<JobTransport> transports;
  private final Map<JobQueue, Backend> named = new HashMap<>();
  private final Optional<Backend> others;

  /** The store of all other queues comes last. */
  Routes(List<NamedStore> stores, List<JobTransport> transports, Ticker ticker) {
    this.stores =
        stores.stream()
            .sorted(Comparator.comparing((NamedStore store) -> store.queues().isEmpty()))
            .toList();
    this.transports = List.copyOf(transports);
    for (JobTransport transport : transports) {
      Backend backend = Backend.of(transport);
      transport.queues().forEach(queue -> named.put(queue, backend));
    }
    for (NamedStore store : stores) {
      Backend backend = Backend.of(store.store(), ticker);
      store.queues().forEach(queue -> named.put(queue, backend));
    }
    others = mainStore().map(store -> Backend.of(store.store(), ticker));
  }

  /** After the removal of a limit: who names it is refused from now on. */
  void forgetLimits() {
    named.values().forEach(Backend::forgetLimits);
    others.ifPresent(Backend::forgetLimits);
  }

  private Optional<NamedStore> mainStore() {
    return stores.stream().filter(store -> store.queues().isEmpty()).findFirst();
  }

  /** Before anything is opened: each queue has one backend. */
  void check(Set<JobQueue> worked) {
    Map<JobQueue, String> owners = new LinkedHashMap<>();
    transports.forEach(transport -> own(owners, transport.queues(), "a transport"));
    stores.forEach(store -> own(owners, store.queues(), "store \"" + store.name() + "\""));
    Set<JobQueue> homeless = new LinkedHashSet<>(worked);
    homeless.removeAll(owners.keySet());
    if (others.isEmpty() && !homeless.isEmpty()) {
      throw new InvalidJobException(
          "No backend for queues "
              + homeless
              + ": set store(..), or name them in a transport or in store(name, store, queues..)");
    }
  }

  private static void own(Map<JobQueue, String> owners, Set<JobQueue> queues, String owner) {
    for (JobQueue queue : queues) {
      String other = owners.putIfAbsent(queue, owner);
      if (other != null) {
        throw new InvalidJobException(
            "queue " + queue + " is named twice, by " + other + " and by " + owner);
      }
    }
  }

  /** The backend of a queue, the same one for all queues of a store or transport. */
  Backend backend(JobQueue queue) {
    return Optional.ofNullable(named.get(queue))
        .or(() -> others)
        .orElseThrow(
            () ->
                new InvalidJobException(
                    "No backend for queue "
                        + queue
                        + ": set store(..), or name it in a transport or in"
                        + " store(name, store, queues..)"));
  }

  /** Where the jobs of a queue are kept; empty if they are on a broker. */
  Optional<NamedStore> store(JobQueue queue) {
    boolean moved = transports.stream().anyMatch(transport -> transport.queues().contains(queue));
    return moved
        ? Optional.empty()
        : stores.stream()
            .filter(store -> store.queues().contains(queue))
            .findFirst()
            .or(this::mainStore);
  }

  /** Those of the queues that a transport serves. */
  static Map<JobQueue, WorkerOptions> served(
      JobTransport transport, Map<JobQueue, WorkerOptions> worked) {
    Map<JobQueue, WorkerOptions> own = new LinkedHashMap<>(worked);
    own.keySet().retainAll(transport.queues());
    return own;
  }

  /** The queues that each store keeps, those stores first that name theirs; none without any. */
  Map<NamedStore, Map<JobQueue, WorkerOptions>> kept(Map<JobQueue, WorkerOptions> worked) {
    Map<NamedStore, Map<JobQueue, WorkerOptions>> kept = new LinkedHashMap<>();
    for (NamedStore store : stores) {
      Map<JobQueue, WorkerOptions> own = new LinkedHashMap<>(worked);
      own.keySet().removeIf(queue -> !store(queue).equals(Optional.of(store)));
      if (!own.isEmpty()) {
        kept.put(store, own);
      }
    }
    return kept;
  }
}
