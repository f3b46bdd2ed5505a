package dev.jobs4j.simulation;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleFiring;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What recurring jobs have fired, by what was seen at the store's door. */
final class Firings {

  private static final String FIRING = "jobs.firing";

  private final Agenda agenda;
  private final Verdict verdict;
  private final Ledger ledger;
  private final Map<String, Instant> last = new HashMap<>();
  private final Map<String, Instant> born = new HashMap<>();

  Firings(Agenda agenda, Verdict verdict, Ledger ledger) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.ledger = ledger;
  }

  /** A recurring job was saved; what it fires comes after its first time. */
  void saved(String schedule) {
    born.putIfAbsent(schedule, agenda.instant(agenda.nanos()));
  }

  /** A recurring job was deleted; another one of its name may come. */
  void forgotten(String schedule) {
    born.remove(schedule);
  }

  void fired(ScheduleFiring firing, List<?> answers) {
    for (int i = 0; i < firing.jobs().size(); i++) {
      NewJob job = firing.jobs().get(i);
      if (answers.get(i) instanceof Enqueued.Created) {
        check(firing.name(), Instant.parse(job.headers().get(FIRING)));
        ledger.entered(job);
      }
    }
  }

  private void check(String name, Instant at) {
    Instant before = last.put(name, at);
    verdict.check(
        Rule.S11,
        before == null || at.isAfter(before),
        () -> name + " fired for " + at + " after " + before);
    Instant first = born.get(name);
    verdict.check(
        Rule.S11,
        first != null && at.isAfter(first),
        () -> name + " fired for " + at + ", it is there since " + first);
    verdict.check(
        Rule.S11,
        !at.isAfter(agenda.instant(agenda.nanos())),
        () -> name + " fired too early, for " + at);
  }
}
