package dev.jobs4j.core.memory;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.AuditWords;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The dead letters in memory, and what was done to them. */
final class MemoryDeadLetters implements DeadLetterRecords {

  private final InMemoryJobStore store;
  private final Tables tables;
  private final MemoryRecords records;
  private final Audit audit;

  MemoryDeadLetters(InMemoryJobStore store, Tables tables, MemoryRecords records, Audit audit) {
    this.store = store;
    this.tables = tables;
    this.records = records;
    this.audit = audit;
  }

  @Override
  public List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return store.locked(() -> matching(filter, after).limit(limit).toList());
  }

  @Override
  public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return store.locked(() -> matching(filter, after).limit(limit).map(DeadLetter::id).toList());
  }

  private Stream<DeadLetter> matching(DeadLetterFilter filter, @Nullable JobId after) {
    return tables.dead.entrySet().stream()
        .filter(letters -> filter.queue().map(letters.getKey()::equals).orElse(true))
        .map(Map.Entry::getValue)
        .map(letters -> after == null ? letters : letters.tailMap(after, false))
        .flatMap(letters -> letters.values().stream())
        .sorted(Comparator.comparing(Row::id))
        .map(MemoryDeadLetters::letter)
        .filter(filter::matches);
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    return store.locked(() -> dead(id).map(MemoryDeadLetters::letter));
  }

  @Override
  public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
    return store.locked(
        () ->
            matching(filter, null)
                .collect(Collectors.groupingBy(DeadLetter::fingerprint))
                .values()
                .stream()
                .map(MemoryDeadLetters::group)
                .sorted(
                    Comparator.comparingLong(DeadLetterGroup::letters)
                        .reversed()
                        .thenComparing(DeadLetterGroup::fingerprint))
                .limit(limit)
                .toList());
  }

  private static DeadLetterGroup group(List<DeadLetter> letters) {
    List<DeadLetter> byDeath =
        letters.stream()
            .sorted(Comparator.comparing(DeadLetter::diedAt).thenComparing(DeadLetter::id))
            .toList();
    DeadLetter last = byDeath.get(byDeath.size() - 1);
    return new DeadLetterGroup(
        last.fingerprint(),
        letters.size(),
        byDeath.get(0).diedAt(),
        last.diedAt(),
        last.id(),
        last.failure());
  }

  @Override
  public List<BlockedLine> blockedLines(@Nullable String after, int limit) {
    return store.locked(() -> tables.fifos.blocked(after, limit));
  }

  @Override
  public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
    return store.locked(
        () -> {
          List<JobId> done = new ArrayList<>();
          List<JobId> blocked = new ArrayList<>();
          delays.forEach(
              (id, delay) -> {
                if (dead(id).isEmpty()) {
                  return;
                }
                if (records.requeue(id, delay)) {
                  done.add(id);
                  note(AuditEntry.Action.REDRIVE, id, operator, AuditWords.redriven(delay));
                } else if (dead(id).isPresent()) {
                  blocked.add(id);
                }
              });
          return new Redriven(done, blocked, false);
        });
  }

  @Override
  public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
    return store.locked(
        () -> {
          Optional<Row> letter = dead(id);
          letter.ifPresent(row -> edit(row, payload, typeVersion, operator));
          return letter.isPresent();
        });
  }

  private void edit(Row row, Payload payload, int typeVersion, Operator operator) {
    NewJob before = row.job;
    String change = AuditWords.edited(before.payload(), before.typeVersion(), payload, typeVersion);
    row.job = before.toBuilder().payload(payload).typeVersion(typeVersion).build();
    row.forgetSteps();
    note(AuditEntry.Action.EDIT, row.id(), operator, change);
  }

  @Override
  public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
    return store.locked(
        () -> {
          Set<JobId> gone = new LinkedHashSet<>();
          for (JobId id : ids) {
            dead(id)
                .ifPresent(
                    row -> {
                      tables.delete(row, store.now());
                      gone.add(id);
                      note(AuditEntry.Action.DISCARD, id, operator, last(row));
                    });
          }
          return gone;
        });
  }

  private static String last(Row row) {
    DeadLetter letter = letter(row);
    return AuditWords.discarded(
        letter.reason(), letter.failure().errorClass(), letter.fingerprint());
  }

  private void note(AuditEntry.Action action, JobId job, Operator operator, String change) {
    audit.note(action, job, operator, store.now(), change);
  }

  @Override
  public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
    return store.locked(() -> audit.read(job, before, limit));
  }

  private Optional<Row> dead(JobId id) {
    return Optional.ofNullable(tables.rows.get(id)).filter(row -> row.state == JobState.DEAD);
  }

  static DeadLetter letter(Row row) {
    DeadReason reason = Objects.requireNonNull(row.deadReason, "deadReason");
    Failure failure = Objects.requireNonNull(row.lastFailure, "lastFailure");
    Payload payload = row.job.payload();
    return new DeadLetter(
        row.id(),
        row.job.type(),
        row.job.queue(),
        reason,
        failure,
        row.attempt,
        payload.bytes(),
        payload.codec(),
        Micros.instant(row.finishedAt),
        null,
        row.job.typeVersion(),
        row.job.tenant(),
        row.job.tags(),
        Objects.requireNonNull(row.fingerprint, "fingerprint"));
  }
}
