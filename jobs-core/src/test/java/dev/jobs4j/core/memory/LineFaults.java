package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.inserting;
import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.release;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.WaitRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wrong lines and wrong rules of waiting. */
final class LineFaults {

  private LineFaults() {}

  static List<Fault> all() {
    return Stream.of(lines(), rules()).flatMap(List::stream).toList();
  }

  private static List<Fault> lines() {
    return List.of(
        keeping("LINES_IGNORED", job -> job.fifo = null),
        keeping("ALL_LINES_ARE_ONE", job -> job.fifo = other(job.fifo, "one", null)),
        keeping("DEAD_ALWAYS_BLOCK", job -> job.fifo = other(job.fifo, null, OnDead.BLOCK)),
        keeping("DEAD_NEVER_BLOCK", job -> job.fifo = other(job.fifo, null, OnDead.SKIP)),
        new Fault("LINE_OF_ONE_INSERT_REVERSED", LineFaults::reversing),
        Fault.showing(
            "LINES_CALLED_PARENTS",
            (job, b) -> b.blockReason(job.blockReason().isPresent() ? BlockReason.PARENTS : null)),
        settled("RETRY_LOSES_ITS_PLACE", LineFaults::afterRetry),
        new Fault("TAKEOVER_LOSES_ITS_PLACE", LineFaults::afterReap),
        new Fault("PRUNE_FORGETS_LINES", LineFaults::pruning),
        new Fault("LINE_IN_OPEN_TRANSACTION_UNSEEN", LineFaults::unseen),
        new Fault("EMPTY_LINE_STAYS_SHUT", LineFaults::shutting),
        inserting("CANCELLED_JOB_ENDS_ITS_LINE", LineFaults::behindCancelled),
        Fault.requeued("REQUEUE_JUMPS_THE_LINE", LineFaults::jump),
        settled("RELEASED_BY_EITHER", LineFaults::afterSuccess));
  }

  private static List<Fault> rules() {
    return List.of(
        keeping(
            "END_MEANS_SUCCESS",
            job -> {
              List<JobId> all = new ArrayList<>(job.after);
              all.addAll(job.afterEnd);
              job.after = all;
              job.afterEnd = List.of();
            }),
        keeping(
            "SUCCESS_MEANS_END",
            job -> {
              List<JobId> all = new ArrayList<>(job.afterEnd);
              all.addAll(job.after);
              job.afterEnd = all;
              job.after = List.of();
            }),
        recording("CANCEL_STOPS_AT_CHILDREN", LineFaults::shallowCancel),
        recording("DELETE_LEAVES_CHILDREN", LineFaults::leavingChildren),
        recording("DELETE_BLOCKS_LINES", LineFaults::blockingLines),
        recording("CANCEL_BLOCKS_LINES", LineFaults::blockingCancel),
        settled("CANCELLED_RUN_LEAVES_CHILDREN", LineFaults::reviveChildren),
        new Fault("TAKEN_ALONG_KEEPS_ITS_KEY", LineFaults::keepingKeys),
        new Fault("CANCELLED_PARENT_TAKEN", LineFaults::takingCancelled),
        new Fault("CRASH_LOOP_IS_NO_END", LineFaults::noEnd));
  }

  private static @Nullable Fifo other(
      @Nullable Fifo fifo, @Nullable String key, @Nullable OnDead onDead) {
    return fifo == null
        ? null
        : new Fifo(key == null ? fifo.key() : key, onDead == null ? fifo.onDead() : onDead);
  }

  private static ForwardingStore reversing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        boolean line = jobs.size() > 1 && jobs.stream().allMatch(job -> job.fifo() != null);
        if (!line) {
          return super.insert(jobs, in);
        }
        List<NewJob> turned = new ArrayList<>(jobs);
        Collections.reverse(turned);
        List<Enqueued> answers = new ArrayList<>(super.insert(turned, in));
        Collections.reverse(answers);
        return answers;
      }
    };
  }

  private static void afterRetry(ForwardingStore store, Row row, Outcome outcome) {
    if (outcome instanceof Outcome.Retry && row.job.fifo() != null) {
      release(store, row.id());
    }
  }

  private static void afterSuccess(ForwardingStore store, Row row, Outcome outcome) {
    if (outcome instanceof Outcome.Succeeded) {
      store.touchAll(
          child -> {
            if (child.isWaiting() && child.predecessor != null) {
              List.copyOf(child.parents()).forEach(child::waitNoMoreFor);
              store.store.tables().line(child.job.queue()).add(child);
            }
          });
    }
  }

  private static ForwardingStore afterReap(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        for (JobId id : reaped.returned()) {
          Row row = row(id);
          if (row != null && row.job.fifo() != null) {
            release(this, id);
            touch(id, r -> r.runAt += 1_000_000);
          }
        }
        return reaped;
      }
    };
  }

  private static ForwardingStore pruning(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(Duration retention, int limit) {
        store.locked(
            () -> {
              store.tables().waits.pruneLines(id -> true);
              return limit;
            });
        return super.prune(retention, limit);
      }
    };
  }

  private static List<NewJob> behindCancelled(ForwardingStore store, List<NewJob> jobs) {
    return jobs.stream()
        .map(
            job -> {
              Fifo fifo = job.fifo();
              JobId last = fifo == null ? null : store.store.tables().waits.last(fifo.key());
              Row row = last == null ? null : store.row(last);
              return row != null && row.state == JobState.CANCELLED
                  ? Fault.changed(job, d -> d.fifo = null)
                  : job;
            })
        .toList();
  }

  private static void jump(ForwardingStore store, Row row) {
    if (row.job.fifo() != null && row.isWaiting()) {
      List.copyOf(row.parents()).forEach(row::waitNoMoreFor);
      store.store.tables().line(row.job.queue()).add(row);
    }
  }

  private static ForwardingStore shutting(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Set<String> pruned = ConcurrentHashMap.newKeySet();

      @Override
      public int prune(Duration retention, int limit) {
        touchAll(
            row -> {
              Fifo fifo = row.job.fifo();
              if (fifo != null && row.state == JobState.SUCCEEDED) {
                pruned.add(fifo.key());
              }
            });
        return super.prune(retention, limit);
      }

      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        return super.insert(
            jobs.stream()
                .map(
                    job ->
                        job.fifo() != null && pruned.contains(job.fifo().key())
                            ? Fault.changed(job, d -> d.after = List.of(Fault.endless(this)))
                            : job)
                .toList(),
            in);
      }
    };
  }

  private static ForwardingStore unseen(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        boolean alone = jobs.size() == 1 && jobs.get(0).fifo() != null && Gate.isRacer();
        return super.insert(
            alone ? List.of(Fault.changed(jobs.get(0), d -> d.fifo = null)) : jobs, in);
      }
    };
  }

  private static ForwardingRecords shallowCancel(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        List<Row> far =
            store.rows(JobState.PENDING).stream()
                .filter(row -> row.isWaiting() && !row.parents().contains(id))
                .toList();
        Cancellation answer = super.cancel(id);
        far.stream()
            .filter(row -> row.state == JobState.CANCELLED)
            .forEach(row -> store.store.records().requeue(row.id()));
        return answer;
      }
    };
  }

  private static ForwardingRecords leavingChildren(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean delete(JobId id) {
        boolean done = super.delete(id);
        WaitingFaults.revive(store, id);
        return done;
      }
    };
  }

  private static ForwardingRecords blockingLines(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean delete(JobId id) {
        stop(store, id);
        return super.delete(id);
      }
    };
  }

  private static ForwardingRecords blockingCancel(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        stop(store, id);
        return super.cancel(id);
      }
    };
  }

  /** Whoever stands behind this job in its line waits for ever. */
  static void stop(ForwardingStore store, JobId id) {
    JobId endless = Fault.endless(store);
    store.touchAll(
        row -> {
          if (id.equals(row.predecessor) && row.isWaiting()) {
            row.waitFor(endless, WaitRule.LINE);
          }
        });
  }

  private static void reviveChildren(ForwardingStore store, Row row, Outcome outcome) {
    if (outcome instanceof Outcome.Cancelled) {
      if (row.job.fifo() != null) {
        store.touchAll(
            child -> {
              if (row.id().equals(child.predecessor)) {
                child.runAt = Micros.NEVER - 1;
              }
            });
      }
      WaitingFaults.revive(store, row.id());
    }
  }

  private static ForwardingStore keepingKeys(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        return super.insert(
            jobs.stream()
                .map(
                    job ->
                        job.after().isEmpty() || job.uniqueKey() == null
                            ? job
                            : Fault.changed(
                                job,
                                d ->
                                    d.key =
                                        new UniqueKey(job.uniqueKey().value(), Duration.ofDays(1))))
                .toList(),
            in);
      }
    };
  }

  private static ForwardingStore takingCancelled(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        return super.insert(
            jobs.stream()
                .map(job -> Fault.changed(job, d -> d.after = living(job.after())))
                .toList(),
            in);
      }

      private List<JobId> living(List<JobId> parents) {
        return parents.stream()
            .filter(
                id -> {
                  Row row = row(id);
                  return row == null || row.state != JobState.CANCELLED;
                })
            .toList();
      }
    };
  }

  private static ForwardingStore noEnd(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        JobId endless = Fault.endless(this);
        touchAll(
            row -> {
              if (row.isWaiting() && !row.job.afterEnd().isEmpty()) {
                row.waitFor(endless, WaitRule.ENDED);
              }
            });
        return super.reap(request);
      }
    };
  }
}
