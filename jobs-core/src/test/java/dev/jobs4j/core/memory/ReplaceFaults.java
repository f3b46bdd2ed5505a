package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.inserting;
import static dev.jobs4j.core.memory.Fault.keeping;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wrong replacements of waiting jobs, and wrong durability. */
final class ReplaceFaults {

  private ReplaceFaults() {}

  static List<Fault> all() {
    return Stream.concat(changes().stream(), whole().stream()).toList();
  }

  private static List<Fault> changes() {
    return List.of(
        conflicting("REPLACE_KEEPS", OnConflict.KEEP, OnConflict.KEEP),
        conflicting("REPLACE_DEBOUNCES", OnConflict.DEBOUNCE, OnConflict.DEBOUNCE),
        conflicting("DEBOUNCE_REPLACES", OnConflict.REPLACE, OnConflict.REPLACE),
        changing("REPLACE_KEEPS_THE_QUEUE", (before, job) -> job.queue = before.job.queue()),
        changing("REPLACE_KEEPS_THE_TYPE", (before, job) -> job.type = before.job.type()),
        changing(
            "REPLACE_KEEPS_THE_VERSION",
            (before, job) -> job.typeVersion = before.job.typeVersion()),
        changing("REPLACE_KEEPS_THE_TENANT", (before, job) -> job.tenant = before.job.tenant()),
        changing("REPLACE_KEEPS_THE_TAGS", (before, job) -> job.tags = before.job.tags()),
        changing(
            "REPLACE_KEEPS_THE_PRIORITY", (before, job) -> job.priority = before.job.priority()),
        changing("REPLACE_KEEPS_THE_HEADERS", (before, job) -> job.headers = Map.of()),
        changing("REPLACE_KEEPS_THE_EXPIRY", (before, job) -> job.expires = before.job.expires()),
        changing(
            "REPLACE_KEEPS_MAX_ATTEMPTS",
            (before, job) -> job.maxAttempts = before.job.maxAttempts()),
        changed("REPLACE_GOES_ON_COUNTING", row -> row.attempt = 1),
        changed("REPLACE_FORGETS_TOKENS", row -> row.token = 0),
        changed("REPLACE_ENDS_THE_WAIT", row -> row.job.after().forEach(row::waitNoMoreFor)),
        keeping("TAGS_LOST", job -> job.tags = Set.of()),
        keeping("PRIORITY_RAISED", job -> job.priority = Priority.CRITICAL));
  }

  private static List<Fault> whole() {
    return List.of(
        new Fault("REPLACE_ADDS_A_JOB", ReplaceFaults::adding),
        new Fault("REPLACE_RUNS_TWICE", ReplaceFaults::doubling),
        new Fault("RUNNING_JOB_REPLACED", ReplaceFaults::replacingRunning),
        new Fault("FOLLOWER_WITHOUT_KEY", ReplaceFaults::followingFreely),
        new Fault("KEY_STAYS_WITH_WHO_ENDS_FIRST", ReplaceFaults::endingOneKey),
        new Fault("ENDED_HOLDER_IS_NO_HOLDER", ReplaceFaults::ignoringWindows),
        new Fault("REPLACED_IS_CALLED_KEPT", ReplaceFaults::callingKept),
        new Fault("REPLACE_DOES_NOT_JOIN", ReplaceFaults::notJoining),
        inserting("FREE_KEY_LOST", ReplaceFaults::losing),
        new Fault("RELAXED_IS_DROPPED", ReplaceFaults::dropping));
  }

  private static boolean replaces(NewJob job) {
    UniqueKey key = job.uniqueKey();
    return key != null && key.onConflict() != OnConflict.KEEP;
  }

  private static Fault conflicting(String name, OnConflict forReplace, OnConflict forDebounce) {
    return keeping(
        name,
        job -> {
          UniqueKey key = job.key;
          if (key != null && key.onConflict() != OnConflict.KEEP) {
            OnConflict other = key.onConflict() == OnConflict.REPLACE ? forReplace : forDebounce;
            job.key = new UniqueKey(key.value(), key.window(), other);
          }
        });
  }

  private static @Nullable Row waiting(ForwardingStore store, NewJob job) {
    return holder(store, job, JobState.PENDING);
  }

  private static @Nullable Row holder(ForwardingStore store, NewJob job, JobState state) {
    UniqueKey key = job.uniqueKey();
    return store.store.locked(
        () -> {
          JobId holder =
              key == null ? null : store.store.tables().keys.holder(key, store.store.now());
          Row row = holder == null ? null : store.store.tables().rows.get(holder);
          return row != null && row.state == state ? row : null;
        });
  }

  private static Fault changing(String name, BiConsumer<Row, Draft> change) {
    return inserting(
        name,
        (store, jobs) ->
            jobs.stream()
                .map(
                    job -> {
                      Row before = replaces(job) ? waiting(store, job) : null;
                      return before == null
                          ? job
                          : Fault.changed(job, draft -> change.accept(before, draft));
                    })
                .toList());
  }

  private static Fault changed(String name, Consumer<Row> damage) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
                List<Enqueued> answers = super.insert(jobs, in);
                for (Enqueued answer : answers) {
                  if (answer instanceof Enqueued.Existing e && e.replaced()) {
                    touch(
                        e.id(),
                        row -> {
                          boolean waited = row.isWaiting();
                          damage.accept(row);
                          if (waited && !row.isWaiting()) {
                            store.tables().line(row.job.queue()).add(row);
                          }
                        });
                  }
                }
                return answers;
              }
            });
  }

  private static ForwardingStore adding(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        List<Enqueued> answers = super.insert(jobs, in);
        for (int i = 0; i < jobs.size(); i++) {
          if (answers.get(i) instanceof Enqueued.Existing e && e.replaced()) {
            super.insert(List.of(Fault.changed(jobs.get(i), draft -> draft.key = null)), in);
          }
        }
        return answers;
      }
    };
  }

  private static ForwardingStore doubling(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        List<Enqueued> answers = super.insert(jobs, in);
        for (int i = 0; i < jobs.size(); i++) {
          if (answers.get(i) instanceof Enqueued.Existing e && e.replaced()) {
            NewJob twin =
                Fault.changed(
                    jobs.get(i),
                    draft -> {
                      draft.key = null;
                      draft.id = new JobId(UUID.randomUUID());
                    });
            super.insert(List.of(twin), in);
          }
        }
        return answers;
      }
    };
  }

  private static ForwardingStore replacingRunning(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        Row running =
            jobs.size() == 1 && replaces(jobs.get(0))
                ? holder(this, jobs.get(0), JobState.RUNNING)
                : null;
        return running == null
            ? super.insert(jobs, in)
            : List.of(new Enqueued.Existing(running.id(), true));
      }
    };
  }

  private static ForwardingStore followingFreely(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        boolean follows =
            jobs.size() == 1
                && replaces(jobs.get(0))
                && holder(this, jobs.get(0), JobState.RUNNING) != null;
        return super.insert(
            follows ? List.of(Fault.changed(jobs.get(0), draft -> draft.key = null)) : jobs, in);
      }
    };
  }

  /** Of two jobs of one batch that had one key, the key is taken from the last alone. */
  private static ForwardingStore endingOneKey(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        Set<TokenLease> lost = super.settle(settlements);
        Map<String, Long> keys = new HashMap<>();
        for (Settlement settlement : settlements) {
          Row row = row(lease(settlement).id());
          if (row != null && row.job.uniqueKey() != null && row.state.isTerminal()) {
            keys.merge(row.job.uniqueKey().value(), 1L, Long::sum);
          }
        }
        keys.values().removeIf(jobs -> jobs < 2);
        for (String key : keys.keySet()) {
          UniqueKey held = new UniqueKey(key, Duration.ofDays(9));
          store.locked(
              () -> {
                store.tables().keys.take(held, new JobId(UUID.randomUUID()), store.now());
                return held;
              });
        }
        return lost;
      }
    };
  }

  private static ForwardingStore ignoringWindows(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        boolean ended =
            jobs.size() == 1
                && replaces(jobs.get(0))
                && holder(this, jobs.get(0), JobState.SUCCEEDED) != null;
        return super.insert(
            ended ? List.of(Fault.changed(jobs.get(0), draft -> draft.key = null)) : jobs, in);
      }
    };
  }

  private static ForwardingStore callingKept(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        return super.insert(jobs, in).stream()
            .map(a -> a instanceof Enqueued.Existing e ? new Enqueued.Existing(e.id()) : a)
            .toList();
      }
    };
  }

  /** Replaces at once, whatever becomes of the transaction. */
  private static ForwardingStore notJoining(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        return super.insert(jobs, jobs.stream().allMatch(ReplaceFaults::replaces) ? null : in);
      }
    };
  }

  private static List<NewJob> losing(ForwardingStore store, List<NewJob> jobs) {
    return jobs.stream()
        .filter(job -> !replaces(job) || job.uniqueKey() == null || isTaken(store, job))
        .toList();
  }

  private static boolean isTaken(ForwardingStore store, NewJob job) {
    UniqueKey key = job.uniqueKey();
    return key != null
        && store.store.locked(() -> store.store.tables().keys.holder(key, store.store.now()))
            != null;
  }

  private static ForwardingStore dropping(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
        return durability == Durability.RELAXED
            ? jobs.stream().<Enqueued>map(job -> new Enqueued.Created(job.id())).toList()
            : super.insert(jobs, durability);
      }
    };
  }
}
