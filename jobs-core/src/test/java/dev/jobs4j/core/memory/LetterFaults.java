package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Dead letters shown wrongly, and acts done wrongly. */
final class LetterFaults {

  private LetterFaults() {}

  static List<Fault> all() {
    return Stream.of(looks(), filters(), acts(), AuditFaults.all()).flatMap(List::stream).toList();
  }

  static Fault lettered(
      String name, BiFunction<ForwardingStore, DeadLetterRecords, DeadLetterRecords> change) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              private final DeadLetterRecords letters = change.apply(store, records.letters());

              @Override
              public DeadLetterRecords letters() {
                return letters;
              }
            });
  }

  private static List<Fault> looks() {
    return List.of(
        finding("LETTER_FOUND_FOR_ALL_STATES", true),
        finding("LETTER_TENANT_LOST", false),
        settled("FINGERPRINT_LOST_WHEN_EXHAUSTED", LetterFaults::forgetFingerprint),
        lettered("GROUPS_SPLIT_BY_MESSAGE", LetterFaults::splitting),
        lettered(
            "GROUPS_WITHOUT_LIMIT",
            (store, letters) ->
                new ForwardingLetters(letters) {
                  @Override
                  public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
                    return super.groups(filter, 1_000);
                  }
                }),
        lettered("GROUPS_OF_ALL_QUEUES", LetterFaults::groupingAll));
  }

  private static Fault finding(String name, boolean any) {
    return lettered(
        name,
        (store, letters) ->
            new ForwardingLetters(letters) {
              @Override
              public Optional<DeadLetter> find(JobId id) {
                if (any && store.row(id) != null && super.find(id).isEmpty()) {
                  return super.list(DeadLetterFilter.all(), null, 1).stream().findFirst();
                }
                return any ? super.find(id) : super.find(id).map(LetterFaults::withoutTenant);
              }
            });
  }

  private static DeadLetter withoutTenant(DeadLetter l) {
    return new DeadLetter(
        l.id(),
        l.type(),
        l.queue(),
        l.reason(),
        l.failure(),
        l.attempt(),
        l.payload(),
        l.codec(),
        l.diedAt(),
        null,
        l.typeVersion(),
        null,
        l.tags(),
        l.fingerprint());
  }

  private static void forgetFingerprint(ForwardingStore store, Row row, Outcome outcome) {
    if (row.state == JobState.DEAD && outcome instanceof Outcome.Retry) {
      row.fingerprint = "";
    }
  }

  private static void keepFingerprint(ForwardingStore store, Row row, Outcome outcome) {
    if (row.state == JobState.DEAD && !row.attempts().isEmpty()) {
      row.attempts().stream()
          .flatMap(attempt -> attempt.failure().stream())
          .findFirst()
          .ifPresent(first -> row.fingerprint = first.fingerprint());
    }
  }

  private static DeadLetterRecords splitting(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
        return super.list(filter, null, limit).stream()
            .map(
                l ->
                    new DeadLetterGroup(
                        l.fingerprint(), 1, l.diedAt(), l.diedAt(), l.id(), l.failure()))
            .toList();
      }
    };
  }

  private static DeadLetterRecords groupingAll(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
        return super.groups(DeadLetterFilter.all(), limit);
      }
    };
  }

  private static List<Fault> filters() {
    return List.of(
        filtering("FILTER_IGNORED", filter -> DeadLetterFilter.all()),
        filtering(
            "FILTER_TAG_AS_PATTERN",
            filter ->
                filter.tag().filter("cx%"::equals).map(t -> filter.tag("c_%")).orElse(filter)),
        filtering(
            "FILTER_END_INCLUSIVE",
            filter ->
                filter
                    .diedBefore()
                    .map(before -> filter.diedBefore(before.plusNanos(1_000)))
                    .orElse(filter)),
        filtering(
            "FILTER_START_EXCLUSIVE",
            filter ->
                filter
                    .diedFrom()
                    .map(from -> filter.diedFrom(from.plusNanos(1_000)))
                    .orElse(filter)),
        lettered("PAGES_START_AGAIN", LetterFaults::startingAgain),
        lettered("LETTERS_ARE_EVERYTHING", LetterFaults::showingAll));
  }

  private static Fault filtering(String name, UnaryOperator<DeadLetterFilter> change) {
    return lettered(
        name,
        (store, letters) ->
            new ForwardingLetters(letters) {
              @Override
              public List<DeadLetter> list(
                  DeadLetterFilter filter, @Nullable JobId after, int limit) {
                return super.list(change.apply(filter), after, limit);
              }

              @Override
              public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
                return super.ids(change.apply(filter), after, limit);
              }
            });
  }

  private static DeadLetterRecords startingAgain(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
        return super.ids(filter, null, limit);
      }
    };
  }

  private static DeadLetterRecords showingAll(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
        List<JobId> live = store.rows(JobState.SUCCEEDED).stream().map(Row::id).toList();
        return live.isEmpty() ? super.ids(filter, after, limit) : live;
      }
    };
  }

  private static List<Fault> acts() {
    return List.of(
        redriving("REDRIVE_IGNORES_DELAYS", LetterFaults::atOnce),
        redriven("REDRIVE_KEEPS_ATTEMPTS", (store, row) -> row.attempt = 1),
        settled("FINGERPRINT_IS_THE_FIRST", LetterFaults::keepFingerprint),
        lettered("REDRIVE_TAKES_CANCELLED", LetterFaults::redrivingCancelled),
        lettered("REDRIVE_STEALS_KEYS", LetterFaults::hidingBlocked),
        lettered("EDIT_ONLY_SAYS_SO", LetterFaults::editingNothing),
        lettered("EDIT_TAKES_LIVE_JOBS", LetterFaults::editingAll),
        lettered("DISCARD_TAKES_ALL", LetterFaults::discardingAll),
        lettered("DISCARD_LEAVES_CHILDREN", LetterFaults::leavingChildren),
        lettered("DISCARD_ONLY_SAYS_SO", LetterFaults::discardingNothing));
  }

  private static Map<JobId, Duration> atOnce(Map<JobId, Duration> delays) {
    Map<JobId, Duration> none = new LinkedHashMap<>(delays);
    none.replaceAll((id, delay) -> Duration.ZERO);
    return none;
  }

  private static Fault redriving(String name, UnaryOperator<Map<JobId, Duration>> change) {
    return lettered(
        name,
        (store, letters) ->
            new ForwardingLetters(letters) {
              @Override
              public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
                return super.redrive(change.apply(delays), operator);
              }
            });
  }

  private interface Damage {
    void accept(ForwardingStore store, Row row);
  }

  private static Fault redriven(String name, Damage damage) {
    return lettered(
        name,
        (store, letters) ->
            new ForwardingLetters(letters) {
              @Override
              public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
                Redriven redriven = super.redrive(delays, operator);
                redriven.jobs().forEach(id -> store.touch(id, row -> damage.accept(store, row)));
                return redriven;
              }
            });
  }

  private static DeadLetterRecords redrivingCancelled(
      ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
        boolean cancelled =
            delays.keySet().stream()
                .map(store::row)
                .anyMatch(row -> row != null && row.state == JobState.CANCELLED);
        return cancelled
            ? new Redriven(List.copyOf(delays.keySet()), List.of(), false)
            : super.redrive(delays, operator);
      }
    };
  }

  private static DeadLetterRecords hidingBlocked(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
        Redriven redriven = super.redrive(delays, operator);
        return new Redriven(redriven.jobs(), List.of(), false);
      }
    };
  }

  private static DeadLetterRecords editingNothing(
      ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
        return super.find(id).isPresent();
      }
    };
  }

  private static DeadLetterRecords editingAll(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
        return super.edit(id, payload, typeVersion, operator) || store.row(id) != null;
      }
    };
  }

  private static DeadLetterRecords discardingAll(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
        return super.discard(super.ids(DeadLetterFilter.all(), null, 1_000), operator);
      }
    };
  }

  private static DeadLetterRecords leavingChildren(
      ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
        Set<JobId> gone = super.discard(ids, operator);
        ids.forEach(id -> WaitingFaults.revive(store, id));
        return gone;
      }
    };
  }

  private static DeadLetterRecords discardingNothing(
      ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
        return Set.copyOf(ids);
      }
    };
  }
}
