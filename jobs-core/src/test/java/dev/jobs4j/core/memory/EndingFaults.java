package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wrong rules of waiting. */
final class EndingFaults {

  private EndingFaults() {}

  static List<Fault> all() {
    return rules();
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
        recording("CANCEL_STOPS_AT_CHILDREN", EndingFaults::shallowCancel),
        recording("DELETE_LEAVES_CHILDREN", EndingFaults::leavingChildren),
        settled("CANCELLED_RUN_LEAVES_CHILDREN", EndingFaults::reviveChildren),
        new Fault("TAKEN_ALONG_KEEPS_ITS_KEY", EndingFaults::keepingKeys),
        Fault.requeued("REQUEUED_CHILD_RUNS_AT_ONCE", EndingFaults::runAtOnce),
        new Fault("CANCELLED_PARENT_TAKEN", EndingFaults::takingCancelled),
        new Fault("CRASH_LOOP_IS_NO_END", EndingFaults::noEnd));
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

  private static void reviveChildren(ForwardingStore store, Row row, Outcome outcome) {
    if (outcome instanceof Outcome.Cancelled) {
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

  private static void runAtOnce(ForwardingStore store, Row row) {
    if (row.isWaiting()) {
      List.copyOf(row.parents()).forEach(row::waitNoMoreFor);
      store.store.tables().line(row.job.queue()).add(row);
    }
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
