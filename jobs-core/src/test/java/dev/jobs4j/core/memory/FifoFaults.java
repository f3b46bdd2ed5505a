package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.inserting;
import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Fifo.OnDead;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.spi.WaitRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong lines. */
final class FifoFaults {

  private FifoFaults() {}

  static List<Fault> all() {
    Gate ends = new Gate();
    Gate cancels = new Gate();
    return List.of(
        keeping("LINES_IGNORED", job -> job.fifo = null),
        keeping("ALL_LINES_ARE_ONE", job -> job.fifo = other(job.fifo, "one", null)),
        keeping("DEAD_ALWAYS_BLOCK", job -> job.fifo = other(job.fifo, null, OnDead.BLOCK)),
        keeping("DEAD_NEVER_BLOCK", job -> job.fifo = other(job.fifo, null, OnDead.SKIP)),
        inserting("LINES_END_WITH_THEIR_QUEUE", (store, jobs) -> byQueue(jobs)),
        new Fault("LINE_OF_ONE_INSERT_REVERSED", FifoFaults::reversing),
        Fault.showing(
            "LINES_CALLED_PARENTS",
            (job, b) -> b.blockReason(job.blockReason().isPresent() ? BlockReason.PARENTS : null)),
        settled("RETRY_LETS_THE_NEXT_ONE_PASS", FifoFaults::passRetry),
        new Fault("TAKEOVER_LETS_THE_NEXT_ONE_PASS", FifoFaults::passTakenBack),
        Fault.requeued("REQUEUED_JOB_JUMPS_THE_LINE", FifoFaults::jump),
        Fault.requeued("REQUEUED_JOB_WAITS_FOR_EVER", FifoFaults::stay),
        recording("CANCEL_BLOCKS_LINES", FifoFaults::cancelling),
        recording("TAKEN_ALONG_KEEPS_ITS_PLACE", FifoFaults::takingAlong),
        recording("DELETE_BLOCKS_LINES", FifoFaults::deleting),
        new Fault("ROLLED_BACK_JOB_STANDS_IN_ITS_LINE", FifoFaults::standing),
        new Fault("PRUNE_FORGETS_LINES", FifoFaults::pruning),
        inserting("EXISTING_JOB_STANDS_TWICE", FifoFaults::twice),
        Fault.settling("FOLLOWER_STANDS_IN_NO_LINE", (store, all) -> without(all)),
        new Fault("REPLACED_JOB_CHANGES_ITS_LINE", FifoFaults::changing),
        listing("BLOCKED_LINES_TELL_OTHERS", (store, good) -> List.of()),
        listing("GOING_LINES_CALLED_BLOCKED", FifoFaults::going),
        new Fault("END_BY_STALE_READ_OF_ITS_LINE", good -> new EndByStaleRead(good, ends)),
        new Fault("CANCEL_BY_STALE_READ_OF_ITS_LINE", good -> new CancelStale(good, cancels)));
  }

  private static @Nullable Fifo other(
      @Nullable Fifo fifo, @Nullable String key, @Nullable OnDead onDead) {
    return fifo == null
        ? null
        : new Fifo(key == null ? fifo.key() : key, onDead == null ? fifo.onDead() : onDead);
  }

  private static List<NewJob> byQueue(List<NewJob> jobs) {
    return jobs.stream()
        .map(
            job ->
                job.fifo() == null
                    ? job
                    : Fault.changed(
                        job, d -> d.fifo = other(d.fifo, job.fifo().key() + job.queue(), null)))
        .toList();
  }

  private static ForwardingStore reversing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        if (jobs.size() < 2 || jobs.stream().anyMatch(job -> job.fifo() == null)) {
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

  private static boolean sameLine(Row a, Row b) {
    Fifo line = a.job.fifo();
    Fifo other = b.job.fifo();
    return line != null && other != null && line.key().equals(other.key()) && a != b;
  }

  /** Lets all that stand behind this job go. */
  private static void pass(ForwardingStore store, Row row) {
    store.touchAll(
        other -> {
          if (sameLine(row, other) && other.state == JobState.PENDING && other.behind) {
            other.behind = false;
            store.store.tables().line(other.job.queue()).add(other);
          }
        });
  }

  /** Lets none of its line ever go. */
  private static void block(ForwardingStore store, Row row) {
    JobId endless = Fault.endless(store);
    store.touchAll(
        other -> {
          if (sameLine(row, other) && other.state == JobState.PENDING && other.behind) {
            other.waitFor(endless, WaitRule.SUCCEEDED);
          }
        });
  }

  private static void passRetry(ForwardingStore store, Row row, Outcome outcome) {
    if (outcome instanceof Outcome.Retry || outcome instanceof Outcome.Snoozed) {
      pass(store, row);
    }
  }

  private static ForwardingStore passTakenBack(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        reaped.returned().forEach(id -> pass(this, Objects.requireNonNull(row(id))));
        return reaped;
      }
    };
  }

  private static void jump(ForwardingStore store, Row row) {
    if (row.behind) {
      row.behind = false;
      store.store.tables().line(row.job.queue()).add(row);
    }
  }

  private static void stay(ForwardingStore store, Row row) {
    if (row.job.fifo() != null) {
      row.runAt = Micros.NEVER - 1;
    }
  }

  private static ForwardingRecords cancelling(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        block(store, Objects.requireNonNull(store.row(id)));
        return super.cancel(id);
      }
    };
  }

  private static ForwardingRecords takingAlong(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public Cancellation cancel(JobId id) {
        store.rows(JobState.PENDING).stream()
            .filter(row -> row.parents().contains(id))
            .forEach(row -> block(store, row));
        return super.cancel(id);
      }
    };
  }

  private static ForwardingRecords deleting(ForwardingStore store, JobRecords records) {
    return new ForwardingRecords(records) {
      @Override
      public boolean delete(JobId id) {
        Row row = store.row(id);
        if (row != null) {
          block(store, row);
        }
        return super.delete(id);
      }
    };
  }

  private static ForwardingStore standing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        List<Enqueued> answers = super.insert(jobs, in);
        if (in != null) {
          store.locked(
              () -> {
                jobs.forEach(job -> store.tables().fifos.join(new Row(job, 0, 0, 0)));
                return jobs;
              });
        }
        return answers;
      }
    };
  }

  private static ForwardingStore pruning(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(PruneRequest request) {
        store.locked(
            () -> {
              rows(JobState.PENDING).forEach(row -> store.tables().fifos.leave(row));
              return request;
            });
        return super.prune(request);
      }
    };
  }

  /** What is there already takes another place. */
  private static List<NewJob> twice(ForwardingStore store, List<NewJob> jobs) {
    for (NewJob job : jobs) {
      boolean known = job.mayExist() && store.row(job.id()) != null;
      boolean held =
          job.uniqueKey() != null
              && store.store.locked(
                  () ->
                      store.store.tables().keys.holder(job.uniqueKey(), store.store.now()) != null);
      if (known || held) {
        store.store.locked(
            () -> {
              store.store.tables().fifos.join(new Row(job, 0, 0, 0));
              return job;
            });
      }
    }
    return jobs;
  }

  private static List<Settlement> without(List<Settlement> settlements) {
    return settlements.stream()
        .map(
            s ->
                s.outcome() instanceof Outcome.Succeeded done
                    ? new Settlement(
                        s.lease(),
                        new Outcome.Succeeded(
                            done.result(),
                            done.follow().stream()
                                .map(job -> Fault.changed(job, d -> d.fifo = null))
                                .toList()))
                    : s)
        .toList();
  }

  private static ForwardingStore changing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
        List<Enqueued> answers = super.insert(jobs, in);
        for (Enqueued answer : answers) {
          if (answer instanceof Enqueued.Existing existing && existing.replaced()) {
            touch(existing.id(), row -> jump(this, row));
          }
        }
        return answers;
      }
    };
  }

  private static Fault listing(
      String name, BiFunction<ForwardingStore, List<BlockedLine>, List<BlockedLine>> change) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public DeadLetterRecords letters() {
                return new ForwardingLetters(super.letters()) {
                  @Override
                  public List<BlockedLine> blockedLines(@Nullable String after, int limit) {
                    return change.apply(store, super.blockedLines(after, limit));
                  }
                };
              }
            });
  }

  private static List<BlockedLine> going(ForwardingStore store, List<BlockedLine> good) {
    List<BlockedLine> all = new ArrayList<>(good);
    for (Row row : store.rows(JobState.PENDING)) {
      Fifo line = row.job.fifo();
      if (line != null && !row.behind) {
        all.add(new BlockedLine(line.key(), row.id(), Micros.instant(row.createdAt), 0));
      }
    }
    return all;
  }

  /** Decides who is behind whom by what it read before. */
  private static final class EndByStaleRead extends Racing {
    EndByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
      boolean standing =
          jobs.get(0).fifo() != null
              && rows(JobState.RUNNING).stream().anyMatch(row -> row.job.fifo() != null);
      boolean met = gate.meet();
      if (met) {
        gate.meet();
      }
      List<Enqueued> answers = super.insert(jobs, in);
      if (met && standing) {
        touch(jobs.get(0).id(), row -> row.runAt = Micros.NEVER - 1);
      }
      return answers;
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      return between(() -> super.settle(settlements));
    }
  }

  /** Lets the one go that it saw behind the first, though that one is called off meanwhile. */
  private static final class CancelStale extends Racing {
    CancelStale(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      List<JobId> behind = rows(JobState.PENDING).stream().map(Row::id).toList();
      boolean met = gate.meet();
      if (met) {
        gate.meet();
      }
      Set<TokenLease> lost = super.settle(settlements);
      if (met) {
        behind.forEach(id -> touch(id, row -> row.runAt = Micros.NEVER - 1));
      }
      return lost;
    }

    @Override
    public JobRecords records() {
      UnaryOperator<JobRecords> racing =
          good ->
              new ForwardingRecords(good) {
                @Override
                public Cancellation cancel(JobId id) {
                  return between(() -> super.cancel(id));
                }
              };
      return racing.apply(super.records());
    }
  }
}
