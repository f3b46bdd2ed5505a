package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Notes that write what attempts say wrongly. */
final class FaultyNotes {

  private FaultyNotes() {}

  static final class FirstProgress extends NoteFaults.Forwarding {
    FirstProgress(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      return super.report(
          reports.stream()
              .map(
                  r ->
                      store.store.records().progress(r.lease().id()).isPresent()
                          ? new Report(r.lease(), null, r.lines())
                          : r)
              .toList(),
          keep,
          patient);
    }
  }

  static final class SilenceClears extends NoteFaults.Forwarding {
    SilenceClears(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      return super.report(
          reports.stream()
              .map(
                  r ->
                      r.progress() == null
                          ? new Report(
                              r.lease(), new Report.Standing(0, 0, "", Duration.ZERO), r.lines())
                          : r)
              .toList(),
          keep,
          patient);
    }
  }

  static final class KeepsAll extends NoteFaults.Forwarding {
    KeepsAll(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      return super.report(reports, Integer.MAX_VALUE, patient);
    }
  }

  /** Once the log is full it takes no more. */
  static final class OldestStay extends NoteFaults.Forwarding {
    OldestStay(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      List<Report> cut = new ArrayList<>();
      for (Report r : reports) {
        int room = keep - store.store.records().log(r.lease().id(), 0, keep).lines().size();
        List<Report.Line> lines = r.lines();
        cut.add(
            new Report(r.lease(), r.progress(), lines.subList(0, Math.min(room, lines.size()))));
      }
      return super.report(cut, keep, patient);
    }
  }

  /** Gives lines other numbers, so that none looks known. */
  static final class Repeating extends NoteFaults.Forwarding {
    private final Map<TokenLease, Integer> told = new ConcurrentHashMap<>();

    Repeating(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      List<Report> fresh = new ArrayList<>();
      for (Report r : reports) {
        List<Report.Line> lines = new ArrayList<>();
        for (Report.Line l : r.lines()) {
          int number = told.merge(r.lease(), 1, Integer::sum);
          lines.add(new Report.Line(number, l.level(), l.ago(), l.text()));
        }
        fresh.add(new Report(r.lease(), r.progress(), lines));
      }
      return super.report(fresh, keep, patient);
    }
  }

  static final class AnswersAll extends NoteFaults.Forwarding {
    AnswersAll(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      super.report(reports, keep, patient);
      Set<TokenLease> all = new HashSet<>();
      reports.forEach(r -> all.add(r.lease()));
      return all;
    }
  }

  static final class LostStopsAll extends NoteFaults.Forwarding {
    LostStopsAll(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      for (Report r : reports) {
        Row row = store.row(r.lease().id());
        if (row == null || row.state != JobState.RUNNING || row.token != r.lease().token()) {
          return Set.of();
        }
      }
      return super.report(reports, keep, patient);
    }
  }

  /** Waits although it was told not to. */
  static final class AlwaysPatient extends NoteFaults.Forwarding {
    AlwaysPatient(ForwardingStore store) {
      super(store);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      if (!patient) {
        LockSupport.parkNanos(Duration.ofSeconds(60).toNanos());
      }
      return super.report(reports, keep, patient);
    }
  }

  /** Its lines can be read as steps. */
  static final class LinesAreSteps extends NoteFaults.Forwarding {
    LinesAreSteps(ForwardingStore store) {
      super(store);
    }

    @Override
    public Optional<KeptStep> step(JobId job, String name) {
      boolean said = store.store.records().progress(job).isPresent();
      return super.step(job, name)
          .or(
              () ->
                  said && name.isEmpty()
                      ? Optional.of(new KeptStep(name, null))
                      : Optional.empty());
    }
  }
}
