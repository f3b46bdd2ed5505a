package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faulty stores that others than the contract are tried on, too. */
public final class KnownFaults {

  private KnownFaults() {}

  /** The store that gets the promise of this name wrong. */
  public static JobStore breaking(String name, InMemoryJobStore good) {
    return FaultsAreCaughtTest.faults().stream()
        .filter(fault -> fault.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No fault is called " + name))
        .breaks()
        .apply(good);
  }

  /** Takes back as it should, and what an earlier look found silent, whatever it is by now. */
  public static JobStore rescuingByAnEarlierLook(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private List<JobId> stuck = List.of();

      @Override
      public Reaped reap(ReapRequest request) {
        Reaped reaped = super.reap(request);
        List<JobId> returned = new ArrayList<>(reaped.returned());
        for (JobId id : stuck) {
          touch(
              id,
              row -> {
                if (row.state != JobState.PENDING) {
                  store.tables().leaveEngine(row);
                  store.tables().putBack(row, row.runAt);
                  returned.add(id);
                }
              });
        }
        stuck = silent(this, Duration.ZERO).stream().map(Row::id).toList();
        return new Reaped(
            reaped.fenced(),
            returned,
            reaped.dead(),
            reaped.cancelled(),
            reaped.more(),
            reaped.nextEnd());
      }
    };
  }

  /** Takes jobs from engines that are silent, and leaves the engines as they are. */
  public static JobStore takingBackWithoutFence(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Reaped reap(ReapRequest request) {
        return store.locked(
            () -> {
              List<JobId> taken = new ArrayList<>();
              for (Row row : silent(this, request.grace())) {
                store.tables().leaveEngine(row);
                row.token++;
                row.attempt--;
                row.suspect = true;
                store.tables().putBack(row, row.runAt);
                taken.add(row.id());
              }
              return new Reaped(List.of(), taken, List.of(), List.of(), false, Optional.empty());
            });
      }
    };
  }

  /** The running jobs whose engine has not renewed in time. */
  private static List<Row> silent(ForwardingStore store, Duration grace) {
    return store.rows(JobState.RUNNING).stream()
        .filter(
            row ->
                row.engine != null && Micros.plus(row.engine.expiresAt, grace) < store.store.now())
        .sorted((a, b) -> a.id().value().compareTo(b.id().value()))
        .toList();
  }
}
