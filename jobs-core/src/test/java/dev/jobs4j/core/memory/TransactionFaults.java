package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wrong inserts in transactions of the caller. */
final class TransactionFaults {

  private TransactionFaults() {}

  /** An insert in a transaction. */
  private interface Inserting {
    List<Enqueued> insert(ForwardingStore store, List<NewJob> jobs, JobTransaction in);
  }

  static List<Fault> all() {
    return List.of(
        inside("TX_COMMITS_AT_ONCE", (store, jobs, in) -> store.store.insert(jobs)),
        inside(
            "TX_LOSES_ITS_JOBS",
            (store, jobs, in) ->
                jobs.stream().map(job -> (Enqueued) new Enqueued.Created(job.id())).toList()),
        inside(
            "TX_OF_ANY_KIND_TAKEN",
            (store, jobs, in) ->
                in instanceof InMemoryJobStore.Transaction
                    ? store.store.insert(jobs, in)
                    : store.store.insert(jobs)),
        inside(
            "TX_TAKES_NO_KEYS",
            (store, jobs, in) ->
                store.store.insert(
                    jobs.stream().map(job -> Fault.changed(job, d -> d.key = null)).toList(), in)),
        inside("TX_KEEPS_ROLLED_BACK_KEYS", TransactionFaults::keepingKeys),
        inside("TX_KEEPS_ROLLED_BACK_IDS", TransactionFaults::keepingIds),
        inside(
            "TX_DOES_NOT_SEE_ITSELF",
            (store, jobs, in) -> {
              if (jobs.stream().anyMatch(job -> !job.after().isEmpty() && isUnknown(store, job))) {
                throw new InvalidJobException("parent is not known");
              }
              return store.store.insert(jobs, in);
            }),
        inside("TX_ENDED_BY_REFUSAL", TransactionFaults::endingAtRefusal),
        inside(
            "TX_CHILD_MISSES_END_OF_PARENT",
            (store, jobs, in) ->
                store.store.insert(
                    jobs.stream().map(job -> neverReleased(store, job)).toList(), in)));
  }

  private static Fault inside(String name, Inserting inserting) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
                return in == null
                    ? super.insert(jobs, (JobTransaction) null)
                    : inserting.insert(this, jobs, in);
              }
            });
  }

  private static List<Enqueued> keepingKeys(
      ForwardingStore store, List<NewJob> jobs, JobTransaction in) {
    List<Enqueued> answers = store.store.insert(jobs, in);
    for (NewJob job : jobs) {
      UniqueKey key = job.uniqueKey();
      if (key != null) {
        store.store.locked(
            () -> {
              UniqueKey lasting = new UniqueKey(key.value(), Duration.ofDays(1));
              store.store.tables().keys.take(lasting, job.id(), store.store.now());
              return key;
            });
      }
    }
    return answers;
  }

  private static List<Enqueued> keepingIds(
      ForwardingStore store, List<NewJob> jobs, JobTransaction in) {
    List<Enqueued> answers = store.store.insert(jobs, in);
    for (NewJob job : jobs) {
      store.store.locked(
          () -> {
            long now = store.store.now();
            Row ghost = new Row(job, now, now, Micros.NEVER);
            ghost.state = JobState.CANCELLED;
            return store.store.tables().rows.put(job.id(), ghost);
          });
    }
    return answers;
  }

  private static boolean isUnknown(ForwardingStore store, NewJob job) {
    return job.after().stream().anyMatch(parent -> store.row(parent) == null);
  }

  private static List<Enqueued> endingAtRefusal(
      ForwardingStore store, List<NewJob> jobs, JobTransaction in) {
    try {
      return store.store.insert(jobs, in);
    } catch (InvalidJobException e) {
      if (in instanceof InMemoryJobStore.Transaction own) {
        own.rollback();
      }
      throw e;
    }
  }

  private static NewJob neverReleased(ForwardingStore store, NewJob job) {
    return job.after().isEmpty()
        ? job
        : Fault.changed(job, draft -> draft.after = List.of(Fault.endless(store)));
  }
}
