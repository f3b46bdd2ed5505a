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
  private final Map<String, Instant> forgotten = new HashMap<>();

  Firings(Agenda agenda, Verdict verdict, Ledger ledger) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.ledger = ledger;
  }

  /** A recurring job was deleted: one of its name that comes later begins then. */
  void forgotten(String schedule) {
    forgotten.put(schedule, agenda.instant(agenda.nanos()));
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
    Instant end = forgotten.get(name);
    verdict.check(
        Rule.S11,
        end == null || at.isAfter(end),
        () -> name + " fired for " + at + ", it was deleted at " + end);
    verdict.check(
        Rule.S11,
        !at.isAfter(agenda.instant(agenda.nanos())),
        () -> name + " fired too early, for " + at);
  }
}
