package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A way to get one promise wrong.
 *
 * @param name what is wrong
 * @param breaks makes a faulty store of a good one; called once for each handle
 */
record Fault(String name, Function<InMemoryJobStore, JobStore> breaks) {

  @Override
  public String toString() {
    return name;
  }

  /** Keeps each new job differently. */
  static Fault keeping(String name, Consumer<Draft> change) {
    return inserting(
        name, (store, jobs) -> jobs.stream().map(job -> changed(job, change)).toList());
  }

  static NewJob changed(NewJob job, Consumer<Draft> change) {
    Draft draft = new Draft(job);
    change.accept(draft);
    return draft.build();
  }

  /** Inserts other jobs than it was given. */
  static Fault inserting(
      String name, BiFunction<ForwardingStore, List<NewJob>, List<NewJob>> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
                return super.insert(change.apply(this, jobs), in);
              }
            });
  }

  /** Does something to the rows it has just inserted, outside transactions. */
  static Fault inserted(String name, BiConsumer<ForwardingStore, Row> damage) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
                List<Enqueued> answers = super.insert(jobs, in);
                answers.stream()
                    .filter(Enqueued.Created.class::isInstance)
                    .forEach(answer -> touch(answer.id(), row -> damage.accept(this, row)));
                return answers;
              }
            });
  }

  /** Answers inserts wrongly. */
  static Fault answering(String name, UnaryOperator<List<Enqueued>> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<Enqueued> insert(List<NewJob> jobs, @Nullable JobTransaction in) {
                return change.apply(super.insert(jobs, in));
              }
            });
  }

  /** Claims by another request. */
  static Fault claimingBy(
      String name, BiFunction<ForwardingStore, ClaimRequest, ClaimRequest> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<LeasedJob> claim(ClaimRequest request) {
                return super.claim(change.apply(this, request));
              }
            });
  }

  /** Claims nothing in a case in which it should. */
  static Fault claimingNothing(String name, BiPredicate<ForwardingStore, ClaimRequest> when) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<LeasedJob> claim(ClaimRequest request) {
                return when.test(this, request) ? List.of() : super.claim(request);
              }
            });
  }

  /** Does something to the rows it has just claimed. */
  static Fault claimed(String name, BiConsumer<ForwardingStore, Row> damage) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<LeasedJob> claim(ClaimRequest request) {
                List<LeasedJob> jobs = super.claim(request);
                jobs.forEach(job -> touch(job.id(), row -> damage.accept(this, row)));
                return jobs.stream()
                    .map(
                        job ->
                            Optional.ofNullable(row(job.id()))
                                .map(row -> row.leased(store.now()))
                                .orElse(job))
                    .toList();
              }
            });
  }

  /** Hands out claimed jobs other than they are. */
  static Fault handing(String name, UnaryOperator<LeasedJob> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<LeasedJob> claim(ClaimRequest request) {
                return super.claim(request).stream().map(change).toList();
              }
            });
  }

  /** Takes one outcome of a job for another. */
  static Fault taking(String name, BiFunction<Row, Outcome, Outcome> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Set<TokenLease> settle(List<Settlement> settlements) {
                return super.settle(settlements.stream().map(s -> changed(s)).toList());
              }

              private Settlement changed(Settlement settlement) {
                Row row = row(lease(settlement).id());
                return row == null
                    ? settlement
                    : new Settlement(settlement.lease(), change.apply(row, settlement.outcome()));
              }
            });
  }

  /** Settles other settlements than it was given. */
  static Fault settling(
      String name, BiFunction<ForwardingStore, List<Settlement>, List<Settlement>> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Set<TokenLease> settle(List<Settlement> settlements) {
                return super.settle(change.apply(this, settlements));
              }
            });
  }

  /** What happens to the row of a settlement. */
  interface Damage {
    void accept(ForwardingStore store, Row row, Outcome outcome);
  }

  /** Does something to the rows of the outcomes that it has accepted. */
  static Fault settled(String name, Damage damage) {
    return new Fault(name, good -> afterwards(good, damage, false));
  }

  /** Does something to the rows of the outcomes that it has refused. */
  static Fault refused(String name, Damage damage) {
    return new Fault(name, good -> afterwards(good, damage, true));
  }

  private static JobStore afterwards(InMemoryJobStore good, Damage damage, boolean refused) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        Set<TokenLease> lost = super.settle(settlements);
        for (Settlement settlement : settlements) {
          TokenLease lease = lease(settlement);
          if (lost.contains(lease) == refused) {
            touch(lease.id(), row -> damage.accept(this, row, settlement.outcome()));
          }
        }
        return lost;
      }
    };
  }

  /** Reaps by another request. */
  static Fault reapingBy(String name, UnaryOperator<ReapRequest> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Reaped reap(ReapRequest request) {
                return super.reap(change.apply(request));
              }
            });
  }

  /** Does something to the rows that it has just taken back. */
  static Fault reaped(String name, BiConsumer<ForwardingStore, Row> damage) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Reaped reap(ReapRequest request) {
                Reaped reaped = super.reap(request);
                for (JobId id : reaped.returned()) {
                  touch(id, row -> damage.accept(this, row));
                }
                return reaped;
              }
            });
  }

  /** Tells wrongly what a reap did. */
  static Fault reporting(String name, UnaryOperator<Reaped> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Reaped reap(ReapRequest request) {
                return change.apply(super.reap(request));
              }
            });
  }

  /** Keeps wrong records. */
  static Fault recording(String name, BiFunction<ForwardingStore, JobRecords, JobRecords> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              private final JobRecords records = change.apply(this, store.records());

              @Override
              public JobRecords records() {
                return records;
              }
            });
  }

  /** Shows jobs other than they are. */
  static Fault showing(String name, BiConsumer<Job, Job.Builder> change) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public Optional<Job> find(JobId id) {
                return super.find(id).map(job -> shown(job, change));
              }
            });
  }

  static Job shown(Job job, BiConsumer<Job, Job.Builder> change) {
    Job.Builder copy =
        Job.builder(job.id(), job.type(), job.queue(), job.state())
            .priority(job.priority())
            .counts(job.attempt(), job.crashes(), job.token())
            .times(job.runAt(), job.createdAt(), job.finishedAt().orElse(null))
            .expiresAt(job.expiresAt().orElse(null))
            .tenant(job.tenant().orElse(null))
            .typeVersion(job.typeVersion())
            .fifo(job.fifo().orElse(null))
            .limits(job.limits())
            .tags(job.tags())
            .blockReason(job.blockReason().orElse(null))
            .flags(job.suspect(), job.cancelRequested())
            .failure(job.deadReason().orElse(null), job.lastFailure().orElse(null));
    change.accept(job, copy);
    return copy.build();
  }

  /** Does something wrong at a requeue that succeeded. */
  static Fault requeued(String name, BiConsumer<ForwardingStore, Row> damage) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public boolean requeue(JobId id) {
                boolean done = super.requeue(id);
                if (done) {
                  store.touch(id, row -> damage.accept(store, row));
                }
                return done;
              }
            });
  }

  /** A job that stays pending for ever in a queue that nobody works, for others to wait for. */
  static JobId endless(ForwardingStore store) {
    JobId id = new JobId(UUID.randomUUID());
    store.store.insert(
        List.of(
            NewJob.of(id, "endless", JobQueue.of("endless"), new Payload("none", new byte[0]))));
    return id;
  }

  /** Releases the jobs that wait for a parent, whatever became of that. */
  static void release(ForwardingStore store, JobId parent) {
    store.touchAll(
        child -> {
          if (child.state == JobState.PENDING && child.waitNoMoreFor(parent)) {
            store.store.tables().line(child.job.queue()).add(child);
          }
        });
  }
}
