package dev.jobs4j.core.memory;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.spi.WaitRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Stores that decide by what they read before. */
final class RaceFaults {

  private RaceFaults() {}

  static List<Fault> all() {
    return List.of(
        racing("CLAIM_BY_STALE_READ", ClaimByStaleRead::new),
        racing("CLAIM_WITHOUT_LOOKING_AT_ITS_ENGINE", ClaimByStaleEngine::new),
        racing("CANCEL_BY_STALE_READ", CancelByStaleRead::new),
        racing("REAP_BY_STALE_READ", ReapByStaleRead::new),
        racing("REAP_RETURNS_TWICE", ReapTwice::new),
        racing("SETTLE_BY_STALE_READ", SettleByStaleRead::new),
        racing("REQUEUE_BY_STALE_READ", RequeueByStaleRead::new),
        racing("DELETE_OF_RUNNING", DeleteOfRunning::new),
        racing("KEY_BY_STALE_READ", KeyByStaleRead::new),
        racing("ID_BY_STALE_READ", IdByStaleRead::new),
        racing("PARENT_BY_STALE_READ", ParentByStaleRead::new),
        racing("PARENTS_COUNTED_BY_STALE_READ", CountByStaleRead::new),
        racing("CANCELLED_CHILD_RELEASED", CancelledChildReleased::new),
        racing("REPLACE_BY_STALE_READ", ReplaceByStaleRead::new),
        racing("FOLLOWERS_BY_STALE_READ", FollowByStaleRead::new));
  }

  /** The gate is one for all nodes. */
  private static Fault racing(String name, BiFunction<InMemoryJobStore, Gate, JobStore> made) {
    Gate gate = new Gate();
    return new Fault(name, good -> made.apply(good, gate));
  }

  private static final class ClaimByStaleRead extends Racing {
    ClaimByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      List<Row> read =
          rows(JobState.PENDING).stream()
              .filter(row -> row.job.queue().equals(request.queue()))
              .limit(request.limit())
              .toList();
      boolean met = gate.meet();
      List<LeasedJob> given = super.claim(request);
      return met && given.isEmpty()
          ? read.stream().map(row -> row.leased(store.now())).toList()
          : given;
    }
  }

  private static final class ClaimByStaleEngine extends Racing {
    ClaimByStaleEngine(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      EngineRow engine = store.locked(() -> store.tables().engines.get(request.engine()));
      letOther();
      if (engine == null || engine.live) {
        return super.claim(request);
      }
      return store.locked(
          () -> {
            List<LeasedJob> given = new ArrayList<>();
            Line line = store.tables().line(request.queue());
            Row row = line.peek(new Wanted(request.types(), Set.of(), store.now(), true));
            if (row != null) {
              line.remove(row);
              row.start(engine, request.claimId());
              given.add(row.leased(store.now()));
            }
            return given;
          });
    }

    @Override
    public Reaped reap(ReapRequest request) {
      return between(() -> super.reap(request));
    }

    @Override
    public void retire(EngineId engine) {
      between(
          () -> {
            super.retire(engine);
            return engine;
          });
    }
  }

  private static final class CancelByStaleRead extends Racing {
    CancelByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      return between(() -> super.claim(request));
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      return between(() -> super.settle(settlements));
    }

    @Override
    public JobRecords records() {
      return new ForwardingRecords(super.records()) {
        @Override
        public Cancellation cancel(JobId id) {
          Row read = row(id);
          boolean ended = read == null || read.state.isTerminal();
          letOther();
          if (ended || !Gate.isRacer()) {
            return super.cancel(id);
          }
          touch(
              id,
              row -> {
                store.tables().leaveEngine(row);
                store.tables().cancel(row, store.now());
              });
          return Cancellation.CANCELLED;
        }
      };
    }
  }

  private static final class ReapByStaleRead extends Racing {
    ReapByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      return between(() -> super.settle(settlements));
    }

    @Override
    public Optional<Mailbox> renew(EngineId engine) {
      return between(() -> super.renew(engine));
    }

    @Override
    public Reaped reap(ReapRequest request) {
      long limit = store.now() - Micros.of(request.grace());
      List<EngineRow> expired =
          store.locked(
              () ->
                  store.tables().engines.values().stream()
                      .filter(engine -> engine.expiresAt < limit)
                      .toList());
      List<Row> running = rows(JobState.RUNNING);
      letOther();
      expired.forEach(engine -> engine.expiresAt = limit - 1);
      Reaped reaped = super.reap(request);
      List<JobId> returned = new ArrayList<>(reaped.returned());
      for (Row row : running) {
        if (row.state == JobState.SUCCEEDED) {
          touch(row.id(), ended -> store.tables().putBack(ended, ended.runAt));
          returned.add(row.id());
        }
      }
      return new Reaped(
          reaped.fenced(),
          returned,
          reaped.dead(),
          reaped.cancelled(),
          reaped.more(),
          reaped.nextEnd());
    }
  }

  private static final class ReapTwice extends Racing {
    ReapTwice(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Reaped reap(ReapRequest request) {
      List<JobId> running = rows(JobState.RUNNING).stream().map(Row::id).toList();
      boolean met = gate.meet();
      Reaped reaped = super.reap(request);
      return met && reaped.isEmpty()
          ? new Reaped(List.of(), running, List.of(), List.of(), false, Optional.empty())
          : reaped;
    }
  }

  private static final class SettleByStaleRead extends Racing {
    SettleByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      boolean met = gate.meet();
      Set<TokenLease> lost = super.settle(settlements);
      return met ? Set.of() : lost;
    }
  }

  private static final class RequeueByStaleRead extends Racing {
    RequeueByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      return between(() -> super.claim(request));
    }

    /** Puts the job into its line first, then gives its token back. */
    @Override
    public JobRecords records() {
      return new ForwardingRecords(super.records()) {
        @Override
        public boolean requeue(JobId id) {
          Row read = row(id);
          boolean dead = read != null && read.state == JobState.DEAD;
          boolean done = super.requeue(id);
          if (Gate.isRacer()) {
            touch(id, row -> row.token = 0);
            letOther();
            return dead || done;
          }
          return done;
        }
      };
    }
  }

  private static final class DeleteOfRunning extends Racing {
    DeleteOfRunning(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      return between(() -> super.settle(settlements));
    }

    @Override
    public JobRecords records() {
      JobRecords deleting = RecordFaults.deletingAll(this, super.records());
      return new ForwardingRecords(deleting) {
        @Override
        public boolean delete(JobId id) {
          boolean gone = super.delete(id);
          letOther();
          return gone;
        }
      };
    }
  }

  private static final class KeyByStaleRead extends Racing {
    KeyByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
      if (jobs.get(0).uniqueKey() == null || !gate.meet()) {
        return super.insert(jobs, in);
      }
      return super.insert(
          jobs.stream().map(job -> Fault.changed(job, d -> d.key = null)).toList(), in);
    }
  }

  private static final class IdByStaleRead extends Racing {
    IdByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
      boolean met = !jobs.isEmpty() && jobs.get(0).mayExist() && gate.meet();
      List<Enqueued> answers = super.insert(jobs, in);
      return met
          ? jobs.stream().map(job -> (Enqueued) new Enqueued.Created(job.id())).toList()
          : answers;
    }
  }

  private static final class ParentByStaleRead extends Racing {
    ParentByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      return between(() -> super.settle(settlements));
    }

    @Override
    public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
      boolean racer = Gate.isRacer();
      if (!racer || jobs.stream().allMatch(job -> job.after().isEmpty())) {
        return super.insert(jobs, in);
      }
      letOther();
      JobId endless = Fault.endless(this);
      return super.insert(
          jobs.stream().map(job -> Fault.changed(job, d -> d.after = List.of(endless))).toList(),
          in);
    }
  }

  private static final class CountByStaleRead extends Racing {
    CountByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      List<Row> waitingForTwo =
          rows(JobState.PENDING).stream().filter(row -> row.parents().size() == 2).toList();
      if (!waitingForTwo.isEmpty() && gate.meet()) {
        Set<JobId> endless = new HashSet<>(List.of(Fault.endless(this)));
        waitingForTwo.forEach(
            row ->
                touch(
                    row.id(),
                    child -> endless.forEach(id -> child.waitFor(id, WaitRule.SUCCEEDED))));
        gate.meet();
      }
      return super.settle(settlements);
    }
  }

  private static final class CancelledChildReleased extends Racing {
    CancelledChildReleased(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public Set<TokenLease> settle(List<Settlement> settlements) {
      if (!gate.meet()) {
        return super.settle(settlements);
      }
      Set<TokenLease> lost = super.settle(settlements);
      for (Settlement s : settlements) {
        if (s.outcome() instanceof Outcome.Succeeded) {
          WaitingFaults.revive(this, lease(s).id());
        }
      }
      return lost;
    }

    @Override
    public JobRecords records() {
      return new ForwardingRecords(super.records()) {
        @Override
        public Cancellation cancel(JobId id) {
          Cancellation answer = super.cancel(id);
          gate.meet();
          return answer;
        }
      };
    }
  }
}
