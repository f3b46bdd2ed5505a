package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.answering;
import static dev.jobs4j.core.memory.Fault.inserted;
import static dev.jobs4j.core.memory.Fault.inserting;
import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.requeued;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Wrong inserts and wrong keys. */
final class InsertFaults {

  private InsertFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(inserts());
    all.addAll(keys());
    return all;
  }

  private static List<Fault> inserts() {
    return List.of(
        answering(
            "ANSWERS_REVERSED",
            answers -> {
              List<Enqueued> turned = new ArrayList<>(answers);
              Collections.reverse(turned);
              return turned;
            }),
        answering(
            "CREATED_CALLED_EXISTING",
            answers ->
                answers.stream().map(a -> (Enqueued) new Enqueued.Existing(a.id())).toList()),
        new Fault("INSERT_CUT_AT_500", good -> cutting(good, 500)),
        keeping("HEADERS_LOST", job -> job.headers = Map.of()),
        keeping("TENANT_LOST", job -> job.tenant = null),
        keeping("MAX_ATTEMPTS_LOST", job -> job.maxAttempts = null),
        keeping("MAX_ATTEMPTS_INVENTED", job -> job.maxAttempts = orElse(job.maxAttempts, 10)),
        keeping("TENANT_INVENTED", job -> job.tenant = orElse(job.tenant, "")),
        keeping("TYPE_VERSION_LOST", job -> job.typeVersion = 1),
        keeping("CODEC_LOST", job -> job.payload = new Payload("json", job.payload.bytes())),
        inserted(
            "NEW_JOBS_HAVE_FAILED", (store, row) -> row.lastFailure = new Failure("E", "e", "")),
        new Fault("EMPTY_LISTS_REFUSED", EmptyRefused::new),
        new Fault(
            "LIVE_IDS_NOT_CHECKED", good -> replacing(good, (row, job) -> !row.state.isTerminal())),
        new Fault(
            "IDS_CHECKED_IN_LIVE_AREA_ALONE",
            good -> replacing(good, (row, job) -> row.state.isTerminal())),
        new Fault("REPEAT_OVERWRITES", good -> overwriting(good)),
        new Fault("INSERT_STOPS_AT_REPEAT", good -> stopping(good)),
        new Fault("INSERT_IS_NOT_ATOMIC", good -> oneByOne(good)),
        new Fault("REPEAT_IN_ONE_INSERT_UNSEEN", good -> blindInside(good)));
  }

  private static <T> T orElse(@Nullable T value, T other) {
    return value == null ? other : value;
  }

  private static final class EmptyRefused extends ForwardingStore {
    EmptyRefused(InMemoryJobStore good) {
      super(good);
    }

    private static void check(List<?> list) {
      if (list.isEmpty()) {
        throw new StoreException(
            "syntax error at )", StoreException.Certainty.NOT_DONE, new IllegalStateException());
      }
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
      check(jobs);
      return super.insert(jobs, in);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      check(settlements);
      return super.settle(settlements);
    }
  }

  private static ForwardingStore cutting(InMemoryJobStore good, int limit) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        super.insert(jobs.subList(0, Math.min(limit, jobs.size())), in);
        return jobs.stream().map(job -> (Enqueued) new Enqueued.Created(job.id())).toList();
      }
    };
  }

  private static void forget(ForwardingStore store, Row row) {
    Tables tables = store.store.tables();
    tables.leaveEngine(row);
    if (!row.state.isTerminal()) {
      tables.cancel(row, store.store.now());
    }
    tables.forget(row);
  }

  private static ForwardingStore replacing(InMemoryJobStore good, BiPredicate<Row, NewJob> when) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        for (NewJob job : jobs) {
          touch(
              job.id(),
              row -> {
                if (when.test(row, job)) {
                  forget(this, row);
                }
              });
        }
        return super.insert(jobs, in);
      }
    };
  }

  private static ForwardingStore overwriting(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        Set<JobId> known = new HashSet<>();
        for (NewJob job : jobs) {
          touch(
              job.id(),
              row -> {
                if (row.state == JobState.PENDING) {
                  forget(this, row);
                  known.add(row.id());
                }
              });
        }
        return super.insert(jobs, in).stream()
            .map(a -> known.contains(a.id()) ? new Enqueued.Existing(a.id()) : a)
            .toList();
      }
    };
  }

  private static ForwardingStore stopping(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        List<Enqueued> answers = new ArrayList<>();
        for (NewJob job : jobs) {
          boolean stopped = answers.stream().anyMatch(Enqueued.Existing.class::isInstance);
          answers.addAll(
              stopped ? List.of(new Enqueued.Existing(job.id())) : super.insert(List.of(job), in));
        }
        return answers;
      }
    };
  }

  private static ForwardingStore oneByOne(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        List<Enqueued> answers = new ArrayList<>();
        for (NewJob job : jobs) {
          answers.addAll(super.insert(List.of(job), in));
        }
        return answers;
      }
    };
  }

  /** What stands twice in one insert is answered as if it were stored twice. */
  private static ForwardingStore blindInside(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        Set<String> keys = new HashSet<>();
        List<NewJob> seen = new ArrayList<>();
        for (NewJob job : jobs) {
          UniqueKey key = job.uniqueKey();
          boolean again = key != null && !keys.add(key.value());
          seen.add(again ? Fault.changed(job, draft -> draft.key = null) : job);
        }
        Set<JobId> created = new HashSet<>();
        return super.insert(seen, in).stream()
            .map(
                answer -> {
                  boolean twice =
                      answer instanceof Enqueued.Existing && created.contains(answer.id());
                  created.add(answer.id());
                  return twice ? new Enqueued.Created(answer.id()) : answer;
                })
            .toList();
      }
    };
  }

  private static List<Fault> keys() {
    return List.of(
        keeping("KEYS_IGNORED", job -> job.key = null),
        rekeying("KEYS_BY_QUEUE", (job, key) -> job.queue + ":" + job.type + ":" + key),
        rekeying(
            "KEYS_FOLDED",
            (job, key) ->
                Normalizer.normalize(key, Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                    + "."),
        rekeying("KEYS_CUT", (job, key) -> key.substring(0, Math.min(190, key.length()))),
        window("KEYS_NEVER_FREED", Duration.ofDays(10_000)),
        window("WINDOW_IGNORED", Duration.ZERO),
        Fault.claimed("KEY_FREED_AT_CLAIM", InsertFaults::free),
        settled("KEY_FREED_AT_RETRY", (store, row, outcome) -> freeIfPending(store, row)),
        Fault.reaped("KEY_FREED_AT_TAKEOVER", InsertFaults::free),
        settled("WINDOW_COUNTS_FROM_END", (store, row, outcome) -> windowFromNow(store, row)),
        new Fault("KEY_GOES_WITH_ROW", good -> pruningKeys(good)),
        inserting(
            "LIVE_KEY_FREED_AFTER_WINDOW",
            (store, jobs) -> {
              store.touchAll(row -> freeIfWindowOver(store, row));
              return jobs;
            }),
        requeued("REQUEUE_LEAVES_KEY", InsertFaults::free),
        Fault.recording("REQUEUE_STEALS_KEY", InsertFaults::stealing));
  }

  private interface Rekeying {
    String of(Draft job, String key);
  }

  private static Fault rekeying(String name, Rekeying change) {
    return keeping(
        name,
        job -> {
          if (job.key != null) {
            job.key = new UniqueKey(cut(change.of(job, job.key.value())), job.key.window());
          }
        });
  }

  private static String cut(String key) {
    return key.substring(0, Math.min(200, key.length()));
  }

  private static Fault window(String name, Duration window) {
    return keeping(
        name,
        job -> {
          if (job.key != null) {
            job.key = new UniqueKey(job.key.value(), window);
          }
        });
  }

  private static void free(ForwardingStore store, Row row) {
    UniqueKey key = row.job.uniqueKey();
    if (key != null) {
      Keys keys = store.store.tables().keys;
      keys.take(new UniqueKey(key.value(), Duration.ZERO), row.id(), row.createdAt);
      keys.end(key, row.id(), store.store.now());
    }
  }

  private static void freeIfPending(ForwardingStore store, Row row) {
    if (row.state == JobState.PENDING) {
      free(store, row);
    }
  }

  private static void freeIfWindowOver(ForwardingStore store, Row row) {
    UniqueKey key = row.job.uniqueKey();
    boolean windowed = key != null && !key.window().isZero() && !row.state.isTerminal();
    if (windowed && Micros.plus(row.createdAt, key.window()) <= store.store.now()) {
      free(store, row);
    }
  }

  private static void windowFromNow(ForwardingStore store, Row row) {
    UniqueKey key = row.job.uniqueKey();
    if (key != null && row.state.isTerminal()) {
      long now = store.store.now();
      store.store.tables().keys.take(key, row.id(), now);
      store.store.tables().keys.end(key, row.id(), now);
    }
  }

  private static ForwardingStore pruningKeys(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(PruneRequest request) {
        List<Row> before = rows(JobState.SUCCEEDED);
        int gone = super.prune(request);
        before.stream().filter(row -> row(row.id()) == null).forEach(row -> free(this, row));
        return gone;
      }
    };
  }

  private static JobRecords stealing(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean requeue(JobId id) {
        Row row = store.row(id);
        UniqueKey key = row == null ? null : row.job.uniqueKey();
        if (key != null) {
          store.touchAll(
              other -> {
                if (other.job.uniqueKey() != null) {
                  free(store, other);
                }
              });
        }
        return super.requeue(id);
      }
    };
  }
}
