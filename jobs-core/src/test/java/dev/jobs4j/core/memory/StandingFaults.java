package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.showing;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.LiveEngine;
import dev.jobs4j.spi.Standing;
import dev.jobs4j.spi.Standing.Waits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a job stands, told wrongly. */
final class StandingFaults {

  private StandingFaults() {}

  static List<Fault> all() {
    return Stream.of(jobs(), waits(), engines(), places(), locks()).flatMap(List::stream).toList();
  }

  private static Fault standing(String name, BiFunction<ForwardingStore, Standing, Standing> told) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public Optional<Standing> standing(JobId id) {
                return super.standing(id).map(standing -> told.apply(store, standing));
              }
            });
  }

  private static List<Fault> jobs() {
    return List.of(
        showing("VERSION_SHOWN_AS_FIRST", (job, shown) -> shown.typeVersion(1)),
        showing("LINE_NOT_SHOWN", (job, shown) -> shown.fifo(null)),
        showing("LIMITS_NOT_SHOWN", (job, shown) -> shown.limits(Set.of())),
        standing(
            "STANDING_OF_ANOTHER_TIME",
            (store, s) ->
                new Standing(
                    s.job(),
                    s.asOf().plusSeconds(1_000_000),
                    s.waits(),
                    s.ahead(),
                    s.pauses(),
                    s.engines())),
        standing(
            "STANDING_AT_THE_BEGINNING",
            (store, s) ->
                new Standing(
                    s.job(), Instant.EPOCH, s.waits(), s.ahead(), s.pauses(), s.engines())),
        standing(
            "STANDING_WITHOUT_EXPIRY",
            (store, s) -> ofJob(s, Fault.shown(s.job(), (job, shown) -> shown.expiresAt(null)))),
        standing(
            "STANDING_WITHOUT_FAILURE",
            (store, s) ->
                ofJob(s, Fault.shown(s.job(), (job, shown) -> shown.failure(null, null)))),
        standing(
            "STANDING_ALWAYS_PENDING",
            (store, s) ->
                ofJob(
                    s,
                    Job.builder(s.job().id(), s.job().type(), s.job().queue(), JobState.PENDING)
                        .times(s.job().runAt(), s.job().createdAt(), null)
                        .build())),
        standing(
            "LOOK_PUTS_OFF",
            (store, s) -> {
              Row row = store.store.tables().rows.get(s.job().id());
              row.runAt += 1;
              return s;
            }),
        recording(
            "UNKNOWN_STANDS",
            (store, records) ->
                new ForwardingRecords(records) {
                  @Override
                  public Optional<Standing> standing(JobId id) {
                    Optional<Standing> known = super.standing(id);
                    return known.isPresent() ? known : Optional.of(unknown(id));
                  }
                }));
  }

  private static Standing unknown(JobId id) {
    return new Standing(
        Job.builder(id, "unknown", JobQueue.DEFAULT, JobState.CANCELLED)
            .times(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH)
            .build(),
        Instant.EPOCH,
        Waits.NOTHING,
        0,
        List.of(),
        List.of());
  }

  private static Standing ofJob(Standing s, Job job) {
    return new Standing(job, s.asOf(), s.waits(), s.ahead(), s.pauses(), s.engines());
  }

  private static Fault waiting(String name, BiFunction<ForwardingStore, Standing, Waits> told) {
    return standing(
        name,
        (store, s) ->
            new Standing(
                s.job(), s.asOf(), told.apply(store, s), s.ahead(), s.pauses(), s.engines()));
  }

  private static Waits waits(
      List<JobId> parents,
      @Nullable JobId head,
      Set<JobId> dead,
      @Nullable LimitKey shut,
      @Nullable Instant opensAt) {
    return new Waits(parents, head, dead, shut, opensAt);
  }

  private static List<Fault> waits() {
    return List.of(
        waiting(
            "PARENTS_NOT_NAMED",
            (store, s) -> {
              Waits w = s.waits();
              return waits(List.of(), w.head(), w.dead(), w.shut(), w.opensAt());
            }),
        waiting(
            "ONE_PARENT_NAMED",
            (store, s) -> {
              Waits w = s.waits();
              List<JobId> first = w.parents().stream().limit(1).toList();
              return waits(first, w.head(), w.dead(), w.shut(), w.opensAt());
            }),
        waiting(
            "PARENTS_ALL_TOLD_DEAD",
            (store, s) -> {
              Waits w = s.waits();
              return waits(w.parents(), w.head(), Set.copyOf(w.parents()), w.shut(), w.opensAt());
            }),
        waiting(
            "DEAD_PARENTS_LAST",
            (store, s) -> {
              Waits w = s.waits();
              List<JobId> all =
                  new ArrayList<>(store.store.tables().rows.get(s.job().id()).parents());
              all.sort(
                  Comparator.comparing(
                      id -> store.store.tables().rows.get(id).state == JobState.DEAD));
              return waits(
                  all.stream().limit(Standing.PARENTS).toList(),
                  w.head(),
                  w.dead(),
                  w.shut(),
                  w.opensAt());
            }),
        waiting(
            "MET_PARENTS_NAMED",
            (store, s) -> {
              Waits w = s.waits();
              List<JobId> asked = store.store.tables().rows.get(s.job().id()).job.after();
              return waits(asked, w.head(), w.dead(), w.shut(), w.opensAt());
            }),
        waiting(
            "HEAD_NOT_NAMED",
            (store, s) -> {
              Waits w = s.waits();
              return waits(w.parents(), null, w.dead(), w.shut(), w.opensAt());
            }),
        waiting(
            "NOBODY_TOLD_DEAD",
            (store, s) -> {
              Waits w = s.waits();
              return waits(w.parents(), w.head(), Set.of(), w.shut(), w.opensAt());
            }),
        waiting(
            "HEAD_ALWAYS_DEAD",
            (store, s) -> {
              Waits w = s.waits();
              return waits(
                  w.parents(),
                  w.head(),
                  w.head() == null ? w.dead() : Set.of(w.head()),
                  w.shut(),
                  w.opensAt());
            }),
        waiting(
            "SHUT_NOT_NAMED",
            (store, s) -> {
              Waits w = s.waits();
              return waits(w.parents(), w.head(), w.dead(), null, null);
            }),
        waiting(
            "SHUT_BEFORE_MET_NOT_NAMED",
            (store, s) -> {
              Waits w = s.waits();
              boolean met = s.job().blockReason().isPresent();
              return waits(w.parents(), w.head(), w.dead(), met ? w.shut() : null, w.opensAt());
            }),
        waiting(
            "SHUT_WHILE_BLOCKED",
            (store, s) -> {
              Waits w = s.waits();
              LimitKey met = store.store.tables().rows.get(s.job().id()).parkedOn;
              return waits(
                  w.parents(), w.head(), w.dead(), met == null ? w.shut() : met, w.opensAt());
            }),
        waiting(
            "OPENING_NOT_TOLD",
            (store, s) -> {
              Waits w = s.waits();
              return waits(w.parents(), w.head(), w.dead(), w.shut(), null);
            }));
  }

  private static Fault ofEngines(
      String name, BiFunction<ForwardingStore, Standing, List<LiveEngine>> told) {
    return standing(
        name,
        (store, s) ->
            new Standing(
                s.job(), s.asOf(), s.waits(), s.ahead(), s.pauses(), told.apply(store, s)));
  }

  private static Fault eachEngine(String name, UnaryOperator<LiveEngine> told) {
    return ofEngines(name, (store, s) -> s.engines().stream().map(told).toList());
  }

  private static List<Fault> engines() {
    return List.of(
        ofEngines("NO_ENGINES_TOLD", (store, s) -> List.of()),
        ofEngines(
            "EXPIRED_ENGINES_TOLD",
            (store, s) -> {
              List<LiveEngine> all = new ArrayList<>();
              store.store.tables().engines.values().stream()
                  .map(
                      e ->
                          new LiveEngine(
                              e.info,
                              e.running.size(),
                              0,
                              e.running.stream().anyMatch(row -> row.id().equals(s.job().id()))))
                  .forEach(all::add);
              return all;
            }),
        eachEngine(
            "HOLDER_NOT_TOLD", e -> new LiveEngine(e.info(), e.running(), e.suspects(), false)),
        eachEngine(
            "EVERYONE_HOLDS", e -> new LiveEngine(e.info(), e.running(), e.suspects(), true)),
        eachEngine(
            "SUSPECTS_NOT_COUNTED", e -> new LiveEngine(e.info(), e.running(), 0, e.holds())),
        eachEngine(
            "ALL_COUNT_AS_SUSPECTS",
            e -> new LiveEngine(e.info(), e.running(), e.running(), e.holds())),
        eachEngine(
            "RUNNING_NOT_COUNTED", e -> new LiveEngine(e.info(), 0, e.suspects(), e.holds())),
        eachEngine(
            "RUNNING_COUNTED_TWICE",
            e -> new LiveEngine(e.info(), 2 * e.running(), e.suspects(), e.holds())));
  }

  private static List<Fault> places() {
    return List.of(
        standing(
            "PAUSES_NOT_TOLD",
            (store, s) ->
                new Standing(s.job(), s.asOf(), s.waits(), s.ahead(), List.of(), s.engines())),
        standing(
            "ALL_DUE_AHEAD",
            (store, s) -> {
              Row row = store.store.tables().rows.get(s.job().id());
              long more =
                  store.rows(JobState.PENDING).stream()
                      .filter(other -> other.runAt <= row.runAt)
                      .filter(other -> Row.URGENCY.compare(other, row) < 0)
                      .count();
              return new Standing(
                  s.job(), s.asOf(), s.waits(), (int) more, s.pauses(), s.engines());
            }),
        ahead("NOBODY_AHEAD", ahead -> 0),
        ahead("SOMEBODY_AHEAD", ahead -> ahead + 1),
        ahead("FEW_AHEAD", ahead -> Math.min(ahead, 100)));
  }

  private static Fault ahead(String name, UnaryOperator<Integer> change) {
    return standing(
        name,
        (store, s) ->
            new Standing(
                s.job(), s.asOf(), s.waits(), change.apply(s.ahead()), s.pauses(), s.engines()));
  }

  private static List<Fault> locks() {
    return List.of(locked("LOCK_NOT_SEEN", false), locked("ALL_LOCKED", true));
  }

  private static Fault locked(String name, boolean answer) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public boolean isLocked(JobId id) {
                return answer;
              }
            });
  }
}
