package dev.jobs4j.core.memory;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.StoredSchedule.LastRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The recurring jobs in memory. Guarded by the store's lock. */
final class MemorySchedules implements ScheduleStore {

  /** A recurring job that must be looked at some time. */
  private record Look(Instant at, String name) {}

  private final InMemoryJobStore store;
  private final Tables tables;
  private final Transactions transactions;
  private final Enqueuing enqueuing;
  private final NavigableMap<String, ScheduleRow> rows = new TreeMap<>();
  private final TreeSet<Look> looks =
      new TreeSet<>(Comparator.comparing(Look::at).thenComparing(Look::name));

  MemorySchedules(
      InMemoryJobStore store, Tables tables, Transactions transactions, Enqueuing enqueuing) {
    this.store = store;
    this.tables = tables;
    this.transactions = transactions;
    this.enqueuing = enqueuing;
  }

  @Override
  public StoredSchedule save(
      ScheduleDefinition definition, Function<Instant, Optional<Instant>> next) {
    return store.locked(
        () -> {
          ScheduleRow row = rows.get(definition.name());
          if (row == null || !row.definition().equals(definition)) {
            row = changed(row, definition, next);
            put(row);
          }
          return stored(row);
        });
  }

  private ScheduleRow changed(
      @Nullable ScheduleRow row,
      ScheduleDefinition definition,
      Function<Instant, Optional<Instant>> next) {
    if (row != null && row.definition().firesLike(definition)) {
      return row.with(definition, row.position());
    }
    Instant first = next.apply(now()).orElse(null);
    return row == null
        ? new ScheduleRow(definition, SchedulePosition.before(first, null), null, null, store.now())
        : row.with(definition, SchedulePosition.before(first, row.position().lastFiring()));
  }

  @Override
  public Optional<StoredSchedule> find(String name) {
    return store.locked(() -> Optional.ofNullable(rows.get(name)).map(this::stored));
  }

  @Override
  public List<StoredSchedule> list(@Nullable String after, int limit) {
    return store.locked(
        () ->
            (after == null ? rows : rows.tailMap(after, false))
                .values().stream().limit(limit).map(this::stored).toList());
  }

  @Override
  public boolean delete(String name) {
    return store.locked(
        () -> {
          ScheduleRow row = rows.remove(name);
          forget(row);
          return row != null;
        });
  }

  @Override
  public boolean pause(String name, SchedulePause pause) {
    return store.locked(
        () -> {
          ScheduleRow row = rows.get(name);
          if (row != null) {
            put(row.with(pause));
          }
          return row != null;
        });
  }

  @Override
  public boolean resume(String name) {
    return store.locked(
        () -> {
          ScheduleRow row = rows.get(name);
          SchedulePause pause = row == null ? null : row.pause();
          if (row == null || pause == null || !pause.holds(now())) {
            return false;
          }
          put(row.with(pause.until(now())));
          return true;
        });
  }

  @Override
  public List<StoredSchedule> due(int limit) {
    return store.locked(
        () -> {
          Instant now = now();
          List<StoredSchedule> due = new ArrayList<>();
          for (Look look : looks) {
            if (due.size() == limit || look.at().isAfter(now)) {
              break;
            }
            due.add(stored(row(look.name())));
          }
          return due;
        });
  }

  @Override
  public Map<String, List<Enqueued>> fire(List<ScheduleFiring> firings) {
    return store.locked(() -> take(firings));
  }

  private Map<String, List<Enqueued>> take(List<ScheduleFiring> firings) {
    List<NewJob> all = firings.stream().flatMap(firing -> firing.jobs().stream()).toList();
    transactions.await(all, null); // first: others may change a recurring job meanwhile
    List<ScheduleFiring> valid = firings.stream().filter(this::isCurrent).toList();
    List<NewJob> jobs = valid.stream().flatMap(firing -> firing.jobs().stream()).toList();
    List<Enqueued> answers = jobs.isEmpty() ? List.of() : enqueuing.insert(jobs, null, store::now);
    Map<String, List<Enqueued>> taken = new LinkedHashMap<>();
    int from = 0;
    for (ScheduleFiring firing : valid) {
      List<Enqueued> own = answers.subList(from, from + firing.jobs().size());
      from += firing.jobs().size();
      take(firing, own);
      taken.put(firing.name(), List.copyOf(own));
    }
    return taken;
  }

  private boolean isCurrent(ScheduleFiring firing) {
    ScheduleRow row = rows.get(firing.name());
    return row != null && row.revision() == firing.revision();
  }

  private void take(ScheduleFiring firing, List<Enqueued> answers) {
    ScheduleRow row = row(firing.name());
    if (answers.isEmpty()) {
      put(row.moved(firing.then(), row.lastRun()));
      return;
    }
    int last = answers.size() - 1;
    JobId run = answers.get(last).id();
    boolean held = !run.equals(firing.jobs().get(last).id());
    SchedulePosition ifHeld = firing.ifHeld();
    put(row.moved(held && ifHeld != null ? ifHeld : firing.then(), run));
  }

  private ScheduleRow row(String name) {
    ScheduleRow row = rows.get(name);
    if (row == null) {
      throw new IllegalStateException("no recurring job " + name);
    }
    return row;
  }

  void put(ScheduleRow row) {
    forget(rows.put(row.name(), row));
    Instant at = row.lookAt();
    if (at != null) {
      looks.add(new Look(at, row.name()));
    }
  }

  private void forget(@Nullable ScheduleRow row) {
    Instant at = row == null ? null : row.lookAt();
    if (row != null && at != null) {
      looks.remove(new Look(at, row.name()));
    }
  }

  private Instant now() {
    return Micros.instant(store.now());
  }

  private StoredSchedule stored(ScheduleRow row) {
    return new StoredSchedule(
        row.definition(), row.position(), row.pause(), lastRun(row), row.revision(), now());
  }

  private @Nullable LastRun lastRun(ScheduleRow schedule) {
    JobId id = schedule.lastRun();
    Row run = id == null ? null : tables.rows.get(id);
    if (id == null || run == null) {
      return id == null ? null : new LastRun(id, false, null);
    }
    boolean ended = run.state.isTerminal();
    return new LastRun(id, !ended, ended ? Micros.instant(run.finishedAt) : null);
  }

  /** For tests that damage rows on purpose. */
  NavigableMap<String, ScheduleRow> rows() {
    return rows;
  }
}
