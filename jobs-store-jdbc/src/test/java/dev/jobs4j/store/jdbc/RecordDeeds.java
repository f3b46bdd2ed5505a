package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.LogLine.Level;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What people, tools and running jobs ask. */
final class RecordDeeds {

  private static final Operator ANN = new Operator("ann", "is on call");

  private final Map<String, VictimWorld.Deed> deeds;

  RecordDeeds(Map<String, VictimWorld.Deed> deeds) {
    this.deeds = deeds;
  }

  private void put(String call, VictimWorld.Deed deed) {
    deeds.put(call, deed);
  }

  /** Puts all of them. */
  void put() {
    putRecords();
    putLetters();
    putNotes();
  }

  private void putRecords() {
    put(
        "JobRecords.find",
        w -> {
          JobId id = Steps.insert(w.plain);
          return w.armed().records().find(id).isPresent();
        });
    put(
        "JobRecords.standing",
        w -> {
          JobId id = Steps.insert(w.plain);
          return w.armed().records().standing(id).isPresent();
        });
    put(
        "JobRecords.isLocked",
        w -> {
          JobId id = Steps.insert(w.plain);
          return w.armed().records().isLocked(id);
        });
    put(
        "JobRecords.cancel",
        w -> {
          JobId parent = Steps.insert(w.plain);
          w.plain.insert(List.of(Steps.after(parent), inLine()));
          return w.armed().records().cancel(parent);
        });
    put(
        "JobRecords.requeue",
        w -> {
          JobId id = w.dead();
          return w.armed().records().requeue(id);
        });
    put(
        "JobRecords.delete",
        w -> {
          JobId id = w.succeeded();
          return w.armed().records().delete(id);
        });
    put(
        "JobRecords.result",
        w -> {
          JobId id = w.succeeded();
          return w.armed().records().result(id);
        });
    put(
        "JobRecords.results",
        w -> {
          JobId id = w.succeeded();
          return w.armed().records().results(List.of(id)).size();
        });
    put(
        "JobRecords.attempts",
        w -> {
          JobId id = w.dead();
          return w.armed().records().attempts(id).size();
        });
    put(
        "JobRecords.progress",
        w -> {
          JobId id = w.dead();
          return w.armed().records().progress(id);
        });
    put(
        "JobRecords.log",
        w -> {
          JobId id = w.dead();
          return w.armed().records().log(id, 0, 10).lines().size();
        });
    put(
        "JobRecords.content",
        w -> {
          JobId id = w.dead();
          return w.armed().records().content(id).isPresent();
        });
    put(
        "JobRecords.count",
        w -> {
          w.dead();
          return w.armed().records().count(Steps.QUEUE);
        });
  }

  private void putLetters() {
    DeadLetterFilter all = DeadLetterFilter.all();
    put(
        "DeadLetterRecords.list",
        w -> {
          w.dead();
          return w.armed().records().letters().list(all, null, 5).size();
        });
    put(
        "DeadLetterRecords.ids",
        w -> {
          w.dead();
          return w.armed().records().letters().ids(all, null, 5).size();
        });
    put(
        "DeadLetterRecords.find",
        w -> {
          JobId id = w.dead();
          return w.armed().records().letters().find(id).isPresent();
        });
    put(
        "DeadLetterRecords.groups",
        w -> {
          w.dead();
          return w.armed().records().letters().groups(all, 5).size();
        });
    put(
        "DeadLetterRecords.redrive",
        w -> {
          JobId id = w.dead();
          w.armed().records().letters().redrive(Map.of(id, Duration.ZERO), ANN);
          return w.plain.records().find(id).orElseThrow().state();
        });
    put(
        "DeadLetterRecords.edit",
        w -> {
          JobId id = w.dead();
          return w.armed().records().letters().edit(id, Steps.job().payload(), 2, ANN);
        });
    put(
        "DeadLetterRecords.discard",
        w -> {
          JobId id = w.dead();
          return w.armed().records().letters().discard(Set.of(id), ANN).size();
        });
    put(
        "DeadLetterRecords.blockedLines",
        w -> w.armed().records().letters().blockedLines(null, 5).size());
    put(
        "DeadLetterRecords.audit",
        w -> {
          JobId id = w.dead();
          w.plain.records().letters().redrive(Map.of(id, Duration.ZERO), ANN);
          return w.armed().records().letters().audit(id, Long.MAX_VALUE, 5).size();
        });
  }

  private void putNotes() {
    KeptStep step = new KeptStep("download", Steps.job().payload());
    put(
        "JobNotes.step",
        w -> {
          LeasedJob job = w.running();
          w.plain.notes().orElseThrow().keep((TokenLease) job.lease(), step);
          return w.armed().notes().orElseThrow().step(job.id(), "download").isPresent();
        });
    put(
        "JobNotes.keep",
        w -> {
          LeasedJob job = w.running();
          return w.armed().notes().orElseThrow().keep((TokenLease) job.lease(), step);
        });
    put(
        "JobNotes.report",
        w -> {
          LeasedJob job = w.running();
          Report report =
              new Report(
                  (TokenLease) job.lease(),
                  new Report.Standing(1, 2, "half", Duration.ZERO),
                  List.of(new Report.Line(1, Level.INFO, Duration.ZERO, "said")));
          return w.armed().notes().orElseThrow().report(List.of(report), 10, true).size();
        });
  }

  private static NewJob inLine() {
    return Steps.job().toBuilder().fifo(new Fifo("line", Fifo.OnDead.SKIP)).build();
  }
}
