package dev.jobs4j.core.memory;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Standing;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people and tools may see and do with the jobs in memory. */
final class MemoryRecords implements JobRecords {

  private final InMemoryJobStore store;
  private final Tables tables;
  private final Transactions transactions;
  private final DeadLetterRecords letters;
  private final Looks looks;

  MemoryRecords(
      InMemoryJobStore store,
      Tables tables,
      Transactions transactions,
      Audit audit,
      MemoryPauses pauses) {
    looks = new Looks(tables, pauses);
    this.store = store;
    this.tables = tables;
    this.transactions = transactions;
    letters = new MemoryDeadLetters(store, tables, this, audit);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return store.locked(() -> row(id).map(Row::snapshot));
  }

  @Override
  public Optional<Standing> standing(JobId id) {
    return store.locked(() -> row(id).map(row -> looks.standing(row, store.now())));
  }

  /** By a transaction that changes it. */
  @Override
  public boolean isLocked(JobId id) {
    return store.locked(
        () -> row(id).filter(row -> row.state == JobState.PENDING && row.superseded).isPresent());
  }

  @Override
  public Cancellation cancel(JobId id) {
    return store.locked(
        () -> {
          row(id).ifPresent(row -> transactions.await(List.of(row.job), null)); // who changes it
          return row(id).map(this::cancel).orElse(Cancellation.UNKNOWN);
        });
  }

  private Cancellation cancel(Row row) {
    EngineRow engine = row.engine;
    if (engine != null) {
      row.cancelRequested = true;
      engine.asked.add(row);
      return Cancellation.REQUESTED;
    }
    if (row.state.isTerminal()) {
      return Cancellation.TOO_LATE;
    }
    tables.cancel(row, store.now());
    return Cancellation.CANCELLED;
  }

  @Override
  public boolean requeue(JobId id) {
    return requeue(id, Duration.ZERO);
  }

  /** The same, due after a delay. */
  boolean requeue(JobId id, Duration delay) {
    return store.locked(() -> row(id).filter(row -> requeue(row, delay)).isPresent());
  }

  private boolean requeue(Row row, Duration delay) {
    transactions.await(List.of(row.job), null);
    boolean gone = tables.rows.get(row.id()) != row;
    if (gone || (row.state != JobState.DEAD && row.state != JobState.CANCELLED)) {
      return false;
    }
    long now = store.now();
    UniqueKey key = row.job.uniqueKey();
    JobId holder = key == null ? null : tables.keys.holder(key, now);
    if (holder != null && !holder.equals(row.id())) {
      return false;
    }
    tables.revive(row, Micros.plus(now, delay));
    return true;
  }

  @Override
  public boolean delete(JobId id) {
    return store.locked(
        () -> {
          Optional<Row> ended = row(id).filter(row -> row.state.isTerminal());
          ended.ifPresent(row -> tables.delete(row, store.now()));
          return ended.isPresent();
        });
  }

  @Override
  public Optional<Payload> result(JobId id) {
    return store.locked(() -> row(id).map(row -> row.result));
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return store.locked(() -> row(id).map(Row::attempts).orElse(List.of()));
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return store.locked(() -> row(id).flatMap(row -> row.said().progress()));
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    return store.locked(
        () -> row(id).map(row -> row.said().log(after, limit)).orElse(LogPage.EMPTY));
  }

  @Override
  public Optional<NewJob> content(JobId id) {
    return store.locked(
        () ->
            row(id)
                .filter(row -> row.state.isTerminal())
                .map(
                    row ->
                        row.job.toBuilder()
                            .mayExist(false)
                            .due(Due.now())
                            .expires(null)
                            .uniqueKey(null)
                            .fifo(null)
                            .afterEnd(List.of())
                            .after(List.of())
                            .build()));
  }

  @Override
  public DeadLetterRecords letters() {
    return letters;
  }

  @Override
  public Map<JobState, Long> count(JobQueue queue) {
    return store.locked(
        () -> {
          Map<JobState, Long> counts = new EnumMap<>(JobState.class);
          for (Row row : tables.rows.values()) {
            if (row.job.queue().equals(queue)) {
              counts.merge(row.state, 1L, Long::sum);
            }
          }
          return counts;
        });
  }

  private Optional<Row> row(JobId id) {
    return Optional.ofNullable(tables.rows.get(id));
  }
}
