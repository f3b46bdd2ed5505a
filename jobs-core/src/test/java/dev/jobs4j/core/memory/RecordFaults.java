package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.requeued;
import static dev.jobs4j.core.memory.Fault.showing;
import static dev.jobs4j.core.memory.Fault.taking;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong answers and wrong deeds of the records. */
final class RecordFaults {

  private RecordFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(cancels());
    all.addAll(requeues());
    all.addAll(looks());
    return all;
  }

  private static List<Fault> cancels() {
    return List.of(
        cancelling(
            "UNKNOWN_IS_TOO_LATE", (row, real) -> row == null ? Cancellation.TOO_LATE : real.get()),
        cancelling(
            "CANCEL_ONLY_SAYS_SO",
            (row, real) -> pending(row) ? Cancellation.CANCELLED : real.get()),
        recording("CANCEL_SKIPS_SCHEDULED", RecordFaults::skippingScheduled),
        showing("REQUEST_TO_END_NOT_SHOWN", (job, b) -> b.flags(job.suspect(), false)),
        recording("CANCEL_KILLS_RUNNING", RecordFaults::killing),
        recording("CANCEL_OVERWRITES_THE_END", RecordFaults::overwriting),
        taking(
            "REQUEST_BEATS_SUCCESS",
            (row, o) ->
                row.cancelRequested && o instanceof Outcome.Succeeded
                    ? new Outcome.Cancelled()
                    : o),
        Fault.settling("REQUEST_FORGOTTEN_WHEN_PUT_BACK", RecordFaults::forgetRequests),
        recording("SECOND_CANCEL_TAKES_IT_BACK", RecordFaults::togglingCancel));
  }

  private interface Real {
    Cancellation get();
  }

  private static boolean pending(@Nullable Row row) {
    return row != null && row.state == JobState.PENDING;
  }

  private static Fault cancelling(String name, BiFunction<Row, Real, Cancellation> change) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public Cancellation cancel(JobId id) {
                return change.apply(store.row(id), () -> super.cancel(id));
              }
            });
  }

  private static JobRecords skippingScheduled(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        Row row = store.row(id);
        boolean later = pending(row) && row != null && row.runAt > store.store.now();
        return later ? Cancellation.CANCELLED : super.cancel(id);
      }
    };
  }

  private static JobRecords killing(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        Row row = store.row(id);
        if (row == null || row.state != JobState.RUNNING) {
          return super.cancel(id);
        }
        store.touch(
            id,
            running -> {
              store.store.tables().leaveEngine(running);
              store.store.tables().cancel(running, store.store.now());
            });
        return Cancellation.CANCELLED;
      }
    };
  }

  private static JobRecords overwriting(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        Cancellation answer = super.cancel(id);
        store.touch(id, row -> row.state = row.state.isTerminal() ? JobState.CANCELLED : row.state);
        return answer;
      }
    };
  }

  private static List<Settlement> forgetRequests(ForwardingStore store, List<Settlement> all) {
    for (Settlement s : all) {
      store.touch(ForwardingStore.lease(s).id(), row -> row.cancelRequested = false);
    }
    return all;
  }

  private static JobRecords togglingCancel(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        Row row = store.row(id);
        EngineRow engine = row == null ? null : row.engine;
        if (row != null && engine != null && row.cancelRequested) {
          store.touch(
              id,
              running -> {
                running.cancelRequested = false;
                engine.asked.remove(running);
              });
          return Cancellation.REQUESTED;
        }
        return super.cancel(id);
      }
    };
  }

  private static List<Fault> requeues() {
    return List.of(
        requeued("REQUEUE_KEEPS_ATTEMPTS", (store, row) -> row.attempt = 1),
        requeued("REQUEUE_RESETS_TOKEN", (store, row) -> row.token = 0),
        requeued("REQUEUE_IS_DUE_LATER", (store, row) -> row.runAt += 3_600_000_000L),
        requeued("REQUEUE_KEEPS_REQUEST", (store, row) -> row.cancelRequested = true),
        recording("REQUEUE_TAKES_SUCCEEDED", RecordFaults::requeuingAll),
        recording("REQUEUE_LEAVES_DEAD_LETTER", RecordFaults::keepingLetters),
        recording("DELETE_TAKES_LIVE_JOBS", RecordFaults::deletingAll));
  }

  private static JobRecords requeuingAll(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean requeue(JobId id) {
        store.touch(
            id,
            row -> row.state = row.state == JobState.SUCCEEDED ? JobState.CANCELLED : row.state);
        return super.requeue(id);
      }
    };
  }

  private static JobRecords keepingLetters(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      private final List<DeadLetter> seen = new ArrayList<>();

      @Override
      public boolean requeue(JobId id) {
        Row row = store.row(id);
        if (row != null) {
          super.deadLetters(row.job.queue(), null, 10).stream()
              .filter(letter -> letter.id().equals(id))
              .forEach(seen::add);
        }
        return super.requeue(id);
      }

      @Override
      public List<DeadLetter> deadLetters(JobQueue queue, @Nullable JobId after, int limit) {
        List<DeadLetter> all = new ArrayList<>(seen);
        all.addAll(super.deadLetters(queue, after, limit));
        return all;
      }
    };
  }

  static JobRecords deletingAll(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean delete(JobId id) {
        store.touch(
            id,
            row -> {
              store.store.tables().leaveEngine(row);
              if (!row.state.isTerminal()) {
                store.store.tables().cancel(row, store.store.now());
              }
            });
        return super.delete(id);
      }
    };
  }

  private static List<Fault> looks() {
    return List.of(
        letters("LETTER_PAYLOAD_LOST", l -> letter(l, l.failure(), new byte[0], l.attempt())),
        letters("LETTER_ATTEMPT_LOST", l -> letter(l, l.failure(), l.payload(), 0)),
        paging("LETTERS_ORDERED_SIGNED", RecordFaults::signed),
        paging("LETTERS_START_TOO_EARLY", RecordFaults::inclusive),
        paging("LETTERS_OF_ALL_QUEUES", RecordFaults::allQueues),
        recording("ATTEMPTS_OUTLIVE_THEIR_JOB", RecordFaults::keepingAttempts),
        recording(
            "ATTEMPTS_REVERSED",
            (store, records) ->
                new ForwardingRecords(records) {
                  @Override
                  public List<AttemptRecord> attempts(JobId id) {
                    List<AttemptRecord> turned = new ArrayList<>(super.attempts(id));
                    Collections.reverse(turned);
                    return turned;
                  }
                }),
        new Fault("LAST_FAILURE_IS_THE_FIRST", RecordFaults::keepingFirstFailure),
        recording("HISTORY_NOT_COUNTED", RecordFaults::countingLive),
        recording(
            "DELETE_ONLY_SAYS_SO",
            (store, records) ->
                new ForwardingRecords(records) {
                  @Override
                  public boolean delete(JobId id) {
                    return find(id).filter(job -> job.state().isTerminal()).isPresent();
                  }
                }));
  }

  private static DeadLetter letter(DeadLetter l, Failure failure, byte[] payload, int attempt) {
    return new DeadLetter(
        l.id(),
        l.type(),
        l.queue(),
        l.reason(),
        failure,
        attempt,
        payload,
        l.codec(),
        l.diedAt(),
        null);
  }

  static Fault letters(String name, UnaryOperator<DeadLetter> change) {
    return paging(
        name,
        (records, page) ->
            records.deadLetters(page.queue, page.after, page.limit).stream().map(change).toList());
  }

  /** A wish for dead letters. */
  private record Page(JobQueue queue, @Nullable JobId after, int limit, ForwardingStore store) {}

  private static Fault paging(String name, BiFunction<JobRecords, Page, List<DeadLetter>> change) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public List<DeadLetter> deadLetters(
                  JobQueue queue, @Nullable JobId after, int limit) {
                return change.apply(records, new Page(queue, after, limit, store));
              }
            });
  }

  private static List<DeadLetter> signed(JobRecords records, Page page) {
    return records.deadLetters(page.queue, page.after, page.limit).stream()
        .sorted(Comparator.comparing(letter -> letter.id().value()))
        .toList();
  }

  private static List<DeadLetter> inclusive(JobRecords records, Page page) {
    JobId after = page.after;
    return records.deadLetters(page.queue, null, 1_000).stream()
        .filter(letter -> after == null || letter.id().compareTo(after) >= 0)
        .limit(page.limit)
        .toList();
  }

  private static List<DeadLetter> allQueues(JobRecords records, Page page) {
    List<DeadLetter> all = new ArrayList<>();
    for (JobQueue queue : List.copyOf(page.store.store.tables().dead.keySet())) {
      all.addAll(records.deadLetters(queue, page.after, page.limit));
    }
    return all;
  }

  private static JobRecords keepingAttempts(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      private final Map<JobId, List<AttemptRecord>> last = new HashMap<>();

      @Override
      public boolean delete(JobId id) {
        last.put(id, super.attempts(id));
        return super.delete(id);
      }

      @Override
      public List<AttemptRecord> attempts(JobId id) {
        Row row = store.row(id);
        if (row != null) {
          return super.attempts(id);
        }
        return last.getOrDefault(id, List.of());
      }
    };
  }

  private static ForwardingStore keepingFirstFailure(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Map<JobId, Failure> first = new ConcurrentHashMap<>();

      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        Set<TokenLease> lost = super.settle(settlements);
        for (Settlement s : settlements) {
          touch(
              lease(s).id(),
              row -> {
                if (row.lastFailure != null) {
                  Failure before = first.putIfAbsent(row.id(), row.lastFailure);
                  row.lastFailure = before == null ? row.lastFailure : before;
                }
              });
        }
        return lost;
      }
    };
  }

  private static JobRecords countingLive(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Map<JobState, Long> count(JobQueue queue) {
        Map<JobState, Long> live = new EnumMap<>(JobState.class);
        super.count(queue)
            .forEach(
                (state, n) -> {
                  if (!state.isTerminal()) {
                    live.put(state, n);
                  }
                });
        return live;
      }
    };
  }
}
