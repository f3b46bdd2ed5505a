package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.api.JobState;
import dev.jobs4j.examples.chaos.ledger.Entry;
import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A run that never was: what the ledgers and the tables would say of it. */
final class Tale {

  static final String ONE = "worker-1.1";
  static final String TWO = "worker-2.1";

  private static final long MILLI = 1_000_000;

  private final List<Entry> entries = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private long millis = 1_000_000;
  private long faults;

  /** Lets time pass. */
  Tale after(long more) {
    millis += more;
    return this;
  }

  Tale say(String process, What what, String job, long token, String detail) {
    entries.add(new Entry(millis * MILLI, process, what, job, token, detail));
    return after(1);
  }

  Tale acknowledged(String job, String group) {
    say("driver", What.ENQ_TRY, job, 0, group);
    return say("driver", What.ENQ_ACK, job, 0, "id");
  }

  Tale acknowledged(String job) {
    return acknowledged(job, "");
  }

  Tale started(String process, String job, long token) {
    return say(process, What.START, job, token, "attempt=1")
        .say(process, What.EFFECT, job, token, "");
  }

  Tale ended(String process, String job, long token, What answer) {
    boolean well = answer == What.DONE_OK;
    say(process, What.END, job, token, well ? "OK" : "FAILED");
    return say(process, answer, job, token, "");
  }

  /** From start to accepted success. */
  Tale ran(String process, String job, long token) {
    return started(process, job, token).ended(process, job, token, What.DONE_OK);
  }

  /** A fault of so many milliseconds. */
  Tale fault(Fault fault, String target, long lasting) {
    if (fault == Fault.CUT) {
      return say("nemesis", What.FAULT, fault.name(), 0, target); // it is over as it begins
    }
    faults++;
    say("nemesis", What.FAULT, fault.name(), faults, target);
    after(lasting);
    return say("nemesis", What.HEALED, fault.name(), faults, target);
  }

  Tale row(String job, JobState state, long token) {
    String result = state == JobState.SUCCEEDED ? Long.toString(token) : null;
    return row(new Row(job, "id-of-" + job, state, token, 1, result));
  }

  Tale row(Row row) {
    rows.add(row);
    return this;
  }

  Tale effect(String job, long token) {
    effects.add(new Effect(job, token));
    return this;
  }

  Verdict verdict() {
    List<Entry> byTime = entries.stream().sorted(Comparator.comparingLong(Entry::nano)).toList();
    return Checker.check(new History(byTime, rows, effects));
  }

  /** What was broken, each once. */
  List<Promise> broken() {
    return verdict().violations().stream().map(Violation::promise).distinct().toList();
  }
}
