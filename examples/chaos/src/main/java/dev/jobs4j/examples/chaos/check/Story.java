package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.ledger.Entry;
import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.work.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All that is known about one job. */
final class Story {

  final String name;

  /** By token. */
  final List<Attempt> attempts = new ArrayList<>();

  final List<Row> rows = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();

  /** Endings that were accepted of one of several attempts, it is not known which. */
  final List<Entry> unnamed = new ArrayList<>();

  String group = "";
  long triedAt;
  boolean acknowledged;
  boolean refused;
  boolean hadEffect;

  Story(String name) {
    this.name = name;
  }

  Kind kind() {
    return Kind.of(name);
  }

  void add(Entry entry) {
    switch (entry.what()) {
      case ENQ_TRY -> {
        group = entry.detail();
        triedAt = entry.nano();
      }
      case ENQ_ACK -> acknowledged = true;
      case ENQ_ERR -> refused = true;
      case EFFECT -> hadEffect = true;
      case START -> {
        attempts.add(new Attempt(entry.process(), entry.token(), entry.nano()));
        attempts.sort(Comparator.comparingLong(a -> a.token));
      }
      case END -> end(entry);
      case DONE_OK, RETRIED, DIED, RELEASED, LOST -> answer(entry);
      case ENQ_UNKNOWN, FAULT, HEALED -> {} // it may be there or not; not about a job
    }
  }

  private Optional<Attempt> attempt(Entry entry) {
    return attempts.stream()
        .filter(a -> a.token == entry.token() && a.process.equals(entry.process()))
        .findFirst();
  }

  private void end(Entry entry) {
    attempt(entry)
        .ifPresent(
            a -> {
              a.to = entry.nano();
              a.endedWell = entry.detail().equals("OK");
            });
  }

  private void answer(Entry entry) {
    Optional<Attempt> meant = attempt(entry);
    if (meant.isEmpty() || meant.get().answer != null) {
      unnamed.add(entry);
      return;
    }
    meant.get().answer = entry.what();
    meant.get().answeredAt = entry.nano();
  }

  /** How many endings of this kind were accepted. */
  long accepted(What what) {
    return attempts.stream().filter(a -> a.answer == what).count()
        + unnamed.stream().filter(entry -> entry.what() == what).count();
  }

  /** When it was known to be over. */
  long overAt() {
    long named =
        attempts.stream()
            .filter(a -> a.answer == What.DONE_OK || a.answer == What.DIED)
            .mapToLong(a -> a.answeredAt)
            .min()
            .orElse(Long.MAX_VALUE);
    return unnamed.stream()
        .filter(entry -> entry.what() == What.DONE_OK || entry.what() == What.DIED)
        .mapToLong(Entry::nano)
        .reduce(named, Math::min);
  }

  /** The attempt whose ending the database has. */
  Optional<Attempt> last() {
    return rows.size() == 1
        ? attempts.stream().filter(a -> a.token == rows.get(0).token()).findFirst()
        : Optional.empty();
  }
}
