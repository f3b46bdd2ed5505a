package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Outcome;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Progress and log lines written wrongly, for others, or for too short or too long a time. */
final class ReportFaults {

  private ReportFaults() {}

  static List<Fault> all() {
    return List.of(
        standing("PROGRESS_IS_NOT_WRITTEN", s -> null),
        standing(
            "PROGRESS_WITHOUT_MESSAGE", s -> new Report.Standing(s.done(), s.total(), "", s.ago())),
        standing(
            "PROGRESS_IS_OF_NOW",
            s -> new Report.Standing(s.done(), s.total(), s.message(), Duration.ZERO)),
        writing("FIRST_PROGRESS_STAYS", FaultyNotes.FirstProgress::new),
        writing("SILENCE_CLEARS_PROGRESS", FaultyNotes.SilenceClears::new),
        lines("LINES_ARE_NOT_WRITTEN", line -> null),
        lines(
            "LINES_ARE_OF_NOW",
            l -> new Report.Line(l.number(), l.level(), Duration.ZERO, l.text())),
        lines(
            "LINES_ARE_ALL_INFO",
            l -> new Report.Line(l.number(), LogLine.Level.INFO, l.ago(), l.text())),
        lines(
            "LINES_CUT_AT_255",
            l ->
                new Report.Line(
                    l.number(),
                    l.level(),
                    l.ago(),
                    l.text().substring(0, Math.min(255, l.text().length())))),
        writing("EVERY_LINE_IS_KEPT", FaultyNotes.KeepsAll::new),
        writing("OLDEST_LINES_STAY", FaultyNotes.OldestStay::new),
        writing("REPEATED_LINES_ARE_ADDED", FaultyNotes.Repeating::new),
        writing("REPORT_ANSWERS_ALL", FaultyNotes.AnswersAll::new),
        writing("LOST_LEASE_STOPS_ALL_REPORTS", FaultyNotes.LostStopsAll::new),
        reading("LOG_IGNORES_AFTER", (records, id, after, limit) -> records.log(id, 0, limit)),
        reading(
            "LOG_IGNORES_LIMIT",
            (records, id, after, limit) -> records.log(id, after, Integer.MAX_VALUE)),
        reading(
            "DROPPED_LINES_ARE_NOT_COUNTED",
            (records, id, after, limit) -> new LogPage(records.log(id, after, limit).lines(), 0)),
        reading("LINES_ARE_NUMBERED_BY_PAGE", ReportFaults::renumbered),
        ofThisNode(),
        inventing(),
        careless("REPORT_OF_ANY_TOKEN", row -> row.state == JobState.RUNNING),
        careless("REPORT_OF_A_PENDING_JOB", row -> row.state == JobState.PENDING),
        careless("REPORT_OF_AN_ENDED_JOB", row -> row.state.isTerminal()),
        Fault.reaped("REPORTS_GO_IN_A_CRASH", (store, row) -> row.forgetSaid()),
        settled("REPORTS_GO_AT_A_RETRY", Outcome.Retry.class),
        settled("REPORTS_GO_AT_A_DEATH", Outcome.Dead.class),
        settled("REPORTS_GO_AT_A_SUCCESS", Outcome.Succeeded.class),
        staying(),
        writing("LINES_ARE_STEPS", FaultyNotes.LinesAreSteps::new),
        writing("NO_REPORT_IS_IMPATIENT", FaultyNotes.AlwaysPatient::new),
        byStaleRead());
  }

  private static Fault writing(String name, Function<ForwardingStore, JobNotes> made) {
    return NoteFaults.noting(name, made);
  }

  private static Fault changing(String name, UnaryOperator<Report> change) {
    return writing(
        name,
        store ->
            new NoteFaults.Forwarding(store) {
              @Override
              public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
                return super.report(reports.stream().map(change).toList(), keep, patient);
              }
            });
  }

  private static Fault standing(
      String name, Function<Report.Standing, Report.@Nullable Standing> change) {
    return changing(
        name,
        r ->
            new Report(
                r.lease(), r.progress() == null ? null : change.apply(r.progress()), r.lines()));
  }

  private static Fault lines(String name, Function<Report.Line, Report.@Nullable Line> change) {
    return changing(
        name,
        r ->
            new Report(
                r.lease(),
                r.progress(),
                r.lines().stream().map(change).filter(line -> line != null).toList()));
  }

  private interface Reading {
    LogPage log(JobRecords records, JobId id, long after, int limit);
  }

  private static Fault reading(String name, Reading change) {
    return Fault.recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public LogPage log(JobId id, long after, int limit) {
                return change.log(records, id, after, limit);
              }
            });
  }

  private static LogPage renumbered(JobRecords records, JobId id, long after, int limit) {
    LogPage page = records.log(id, after, limit);
    List<LogLine> lines = new ArrayList<>();
    for (LogLine l : page.lines()) {
      lines.add(new LogLine(lines.size() + 1, l.attempt(), l.level(), l.at(), l.text()));
    }
    return new LogPage(lines, page.dropped());
  }

  private static Fault settled(String name, Class<? extends Outcome> kind) {
    return Fault.settled(
        name,
        (store, row, outcome) -> {
          if (kind.isInstance(outcome)) {
            row.forgetSaid();
          }
        });
  }

  /** Shows only what this handle has written. */
  private static Fault ofThisNode() {
    return new Fault(
        "REPORTS_OF_THIS_NODE_ALONE",
        good ->
            new ForwardingStore(good) {
              private final Set<JobId> mine = ConcurrentHashMap.newKeySet();

              @Override
              public Optional<JobNotes> notes() {
                return Optional.of(
                    new NoteFaults.Forwarding(this) {
                      @Override
                      public Set<TokenLease> report(
                          List<Report> reports, int keep, boolean patient) {
                        reports.forEach(r -> mine.add(r.lease().id()));
                        return super.report(reports, keep, patient);
                      }
                    });
              }

              @Override
              public JobRecords records() {
                return new ForwardingRecords(store.records()) {
                  @Override
                  public Optional<Progress> progress(JobId id) {
                    return super.progress(id).filter(p -> mine.contains(id));
                  }

                  @Override
                  public LogPage log(JobId id, long after, int limit) {
                    return mine.contains(id) ? super.log(id, after, limit) : LogPage.EMPTY;
                  }
                };
              }
            });
  }

  /** Takes the last progress and log that were asked for or written for those of every job. */
  private static Fault inventing() {
    return Fault.recording(
        "PROGRESS_IS_INVENTED",
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public Optional<Progress> progress(JobId id) {
                return super.progress(id)
                    .or(
                        () ->
                            Optional.of(
                                new Progress(0, 0, "", 1, Micros.instant(store.store.now()))));
              }
            });
  }

  /** Remembers the logs that it has shown, of jobs that are gone too. */
  private static Fault staying() {
    return new Fault(
        "REPORTS_STAY_FOR_EVER",
        good ->
            new ForwardingStore(good) {
              private final Map<JobId, LogLine> last = new ConcurrentHashMap<>();

              @Override
              public Optional<JobNotes> notes() {
                return Optional.of(
                    new NoteFaults.Forwarding(this) {
                      @Override
                      public Set<TokenLease> report(
                          List<Report> reports, int keep, boolean patient) {
                        Set<TokenLease> written = super.report(reports, keep, patient);
                        for (TokenLease lease : written) {
                          List<LogLine> lines =
                              store.store.records().log(lease.id(), 0, 1_000).lines();
                          lines.forEach(line -> last.put(lease.id(), line));
                        }
                        return written;
                      }
                    });
              }

              @Override
              public JobRecords records() {
                return new ForwardingRecords(store.records()) {
                  @Override
                  public LogPage log(JobId id, long after, int limit) {
                    LogPage page = super.log(id, after, limit);
                    LogLine line = last.get(id);
                    return page.lines().isEmpty() && line != null && after == 0
                        ? new LogPage(List.of(line), 0)
                        : page;
                  }
                };
              }
            });
  }

  /** Writes a report although the lease is not held. */
  private static Fault careless(String name, Predicate<Row> when) {
    return writing(
        name,
        store ->
            new NoteFaults.Forwarding(store) {
              @Override
              public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
                Set<TokenLease> written = new HashSet<>(super.report(reports, keep, patient));
                for (Report r : reports) {
                  Row row = store.row(r.lease().id());
                  if (!written.contains(r.lease()) && row != null && when.test(row)) {
                    store.touch(
                        row.id(), x -> x.said().write(r, x.attempt, keep, store.store.now()));
                    written.add(r.lease());
                  }
                }
                return written;
              }
            });
  }

  /** Looks whether the lease is held, lets the job be taken back and writes then. */
  private static Fault byStaleRead() {
    Gate gate = new Gate();
    return new Fault("REPORT_BY_STALE_READ", good -> new ByStaleRead(good, gate));
  }

  private static final class ByStaleRead extends Racing {
    ByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public void retire(EngineId engine) {
      gate.meet();
      super.retire(engine);
    }

    @Override
    public JobRecords records() {
      return new ForwardingRecords(store.records()) {
        @Override
        public LogPage log(JobId id, long after, int limit) {
          LogPage page = super.log(id, after, limit);
          gate.meet();
          return page;
        }
      };
    }

    @Override
    public Optional<JobNotes> notes() {
      return Optional.of(
          new NoteFaults.Forwarding(this) {
            @Override
            public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
              Report report = reports.get(0);
              Row row = row(report.lease().id());
              if (row == null
                  || row.state != JobState.RUNNING
                  || row.token != report.lease().token()) {
                return Set.of();
              }
              letOther();
              touch(
                  row.id(),
                  x -> x.said().write(report, x.attempt, keep, ByStaleRead.this.store.now()));
              return Set.of(report.lease());
            }
          });
    }
  }
}
