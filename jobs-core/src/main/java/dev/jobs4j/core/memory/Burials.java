package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.spi.LetterRule;

/** Makes dead letters, and stores what follows them. Guarded by the store's lock. */
final class Burials {

  private final Tables tables;
  private final Enqueuing enqueuing;
  private final LetterRule rule;

  Burials(Tables tables, Enqueuing enqueuing, LetterRule rule) {
    this.tables = tables;
    this.enqueuing = enqueuing;
    this.rule = rule;
  }

  /** A job that has left its engine, or its line, is given up. */
  void die(Row row, DeadReason reason, Failure failure, long now) {
    tables.die(row, reason, failure, now);
    enqueuing.insert(rule.follow(MemoryDeadLetters.letter(row), row.token), null, () -> now);
  }

  /** A pending job has not started in time; it stays linked to its parents. */
  void expire(Row row, long now) {
    tables.giveUp(row);
    Failure failure = new Failure("Expired", "not started by " + Micros.instant(row.expiresAt), "");
    die(row, DeadReason.EXPIRED, failure, now);
  }
}
