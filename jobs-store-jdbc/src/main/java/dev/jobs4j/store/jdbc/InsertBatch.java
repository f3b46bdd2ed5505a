package dev.jobs4j.store.jdbc;

import static java.util.Objects.requireNonNull;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.api.UniqueKey.OnConflict;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.WaitRule;
import dev.jobs4j.store.jdbc.Lines.Joining;
import dev.jobs4j.store.jdbc.RowInserts.NewKey;
import dev.jobs4j.store.jdbc.RowInserts.NewRow;
import dev.jobs4j.store.jdbc.Waiting.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One insert while it is being decided. */
final class InsertBatch {
  private static final int TRIES = 20;

  private final Inserts inserts;
  private final Connection connection;
  private final List<NewJob> jobs;
  private final @Nullable Enqueued[] answers;

  /** What is new so far, by id, in order. */
  private final Map<JobId, Integer> fresh = new LinkedHashMap<>();

  /** Why a job cannot be stored, if it is new. */
  private final Map<JobId, String> refusals = new LinkedHashMap<>();

  /** For what each new job waits. */
  private final Map<UUID, List<Wait>> waits = new LinkedHashMap<>();

  /** Ids that looked new and turned out to be somebody else's. */
  private final Set<UUID> met = new HashSet<>();

  /** Keys that this insert took, and by which job. */
  private final Map<String, JobId> taken = new HashMap<>();

  InsertBatch(Inserts inserts, Connection connection, List<NewJob> jobs) {
    this.inserts = inserts;
    this.connection = connection;
    this.jobs = new ArrayList<>(jobs); // one may be replaced by another of the same insert
    this.answers = new Enqueued[jobs.size()];
  }

  List<Enqueued> insert(Map<UUID, String> leaving) throws SQLException {
    leaveOutKnownIds();
    lockParents();
    takeKeys();
    requireParents();
    insertRows();
    lockParentsMet();
    inserts.waiting.insert(connection, all()); // of those that were stored
    inserts.lines.change(connection, joining(), leaving);
    List<Enqueued> result = new ArrayList<>(answers.length);
    for (Enqueued answer : answers) {
      result.add(requireNonNull(answer));
    }
    return result;
  }

  /** The new jobs that stand in lines, in the order of the insert. */
  private List<Joining> joining() {
    List<Joining> joining = new ArrayList<>();
    for (JobId id : fresh.keySet()) {
      Fifo fifo = job(id).fifo();
      if (fifo != null) {
        joining.add(new Joining(id.value(), fifo.key()));
      }
    }
    return joining;
  }

  private void leaveOutKnownIds() throws SQLException {
    List<UUID> doubtful =
        jobs.stream().filter(NewJob::mayExist).map(job -> job.id().value()).toList();
    Set<UUID> found =
        doubtful.isEmpty()
            ? Set.of()
            : inserts.known.on(connection).ids(doubtful).ids(doubtful).ids(doubtful).findIds();
    for (int i = 0; i < jobs.size(); i++) {
      JobId id = jobs.get(i).id();
      if (found.contains(id.value()) || fresh.putIfAbsent(id, i) != null) {
        answers[i] = new Enqueued.Existing(id);
      }
    }
  }

  /** Parents of the same batch come before their children in it. */
  private void lockParents() throws SQLException {
    Set<UUID> outside = new HashSet<>();
    Set<JobId> before = new HashSet<>();
    for (JobId id : fresh.keySet()) {
      for (JobId parent : job(id).parents().keySet()) {
        if (!before.contains(parent)) {
          outside.add(parent.value());
        }
      }
      before.add(id);
    }
    Map<UUID, JobState> states =
        outside.isEmpty() ? Map.of() : inserts.waiting.lockParents(connection, outside);
    for (JobId id : fresh.keySet()) {
      for (Map.Entry<JobId, WaitRule> parent : job(id).parents().entrySet()) {
        UUID other = parent.getKey().value();
        JobState state = outside.contains(other) ? states.get(other) : JobState.PENDING;
        wait(id, parent, state);
      }
    }
  }

  private void wait(JobId id, Map.Entry<JobId, WaitRule> parent, @Nullable JobState state) {
    UUID other = parent.getKey().value();
    String child = " (parent of " + id + ")";
    if (state == null) {
      refusals.put(id, "after names a job that is not known: " + other + child);
      return;
    }
    switch (parent.getValue().onEnd(state)) {
      case STAY -> waits(id).add(new Wait(other, id.value(), parent.getValue()));
      case CANCEL -> refusals.put(id, "after names a job that was cancelled: " + other + child);
      case RELEASE -> {}
    }
  }

  /** Only what is still new is refused: a repeat of a job whose parent is gone is a repeat. */
  private void requireParents() throws SQLException {
    for (Map.Entry<JobId, String> refusal : refusals.entrySet()) {
      if (fresh.containsKey(refusal.getKey())) {
        inserts.keys.drop(connection, taken.keySet());
        throw new InvalidJobException(refusal.getValue());
      }
    }
  }

  private List<Wait> waits(JobId id) {
    return waits.computeIfAbsent(id.value(), child -> new ArrayList<>(1));
  }

  /**
   * A parent of this batch that somebody else had stored meanwhile was not locked with the others,
   * and may have ended: then nobody would come to release its children.
   */
  private void lockParentsMet() throws SQLException {
    List<Wait> doubtful = all().stream().filter(wait -> met.contains(wait.parent())).toList();
    if (doubtful.isEmpty()) {
      return;
    }
    Map<UUID, JobState> states =
        inserts.waiting.lockParents(
            connection, doubtful.stream().map(Wait::parent).collect(Collectors.toSet()));
    List<Wait> over = new ArrayList<>(doubtful);
    over.removeIf(
        wait -> {
          JobState state = states.get(wait.parent());
          return state != null && wait.rule().onEnd(state) != WaitRule.Effect.RELEASE;
        });
    over.forEach(wait -> waits(new JobId(wait.child())).remove(wait));
    inserts.waiting.unblock(connection, over);
  }

  private List<Wait> all() {
    return waits.values().stream().flatMap(List::stream).toList();
  }

  private NewJob job(JobId id) {
    return jobs.get(requireNonNull(fresh.get(id)));
  }

  private void takeKeys() throws SQLException {
    Map<String, List<JobId>> wishes = new LinkedHashMap<>();
    for (JobId id : fresh.keySet()) {
      UniqueKey key = job(id).uniqueKey();
      if (key != null) {
        wishes.computeIfAbsent(key.value(), value -> new ArrayList<>(1)).add(id);
      }
    }
    if (wishes.isEmpty()) {
      return;
    }
    List<NewKey> wanted = wishes.values().stream().map(ids -> newKey(ids.get(0))).toList();
    Map<String, UUID> holders = inserts.keys.take(connection, wanted);
    for (Map.Entry<String, List<JobId>> wish : wishes.entrySet()) {
      if (!holders.containsKey(wish.getKey())) {
        taken.put(wish.getKey(), wish.getValue().get(0));
      }
    }
    for (String key : inOrderOfHolders(wishes.keySet(), holders)) {
      JobId holder = holders.containsKey(key) ? new JobId(holders.get(key)) : null;
      for (JobId id : requireNonNull(wishes.get(key))) {
        wish(id, key, holder);
      }
    }
    requireParentsStored();
  }

  private NewKey newKey(JobId id) {
    UniqueKey key = requireNonNull(job(id).uniqueKey());
    return new NewKey(key.value(), id.value(), Micros.of(key.window()));
  }

  /** So that two inserts that replace jobs cannot wait for each other in a circle. */
  private static List<String> inOrderOfHolders(Set<String> keys, Map<String, UUID> holders) {
    List<String> ordered = new ArrayList<>(keys);
    ordered.sort(Comparator.comparing(key -> holders.getOrDefault(key, Inserts.NOBODY)));
    return ordered;
  }

  /** One job's wish for a key, which a job of this insert has by now, or {@code holder}. */
  private void wish(JobId id, String key, @Nullable JobId holder) throws SQLException {
    JobId own = taken.get(key);
    if (id.equals(own)) {
      return;
    }
    boolean keeps = requireNonNull(job(id).uniqueKey()).onConflict() == OnConflict.KEEP;
    if (keeps) {
      exists(id, own == null ? holder : own);
    } else if (own != null) {
      replaceOwn(own, id);
    } else {
      replace(id, key, requireNonNull(holder));
    }
  }

  /** A later job of this insert takes the place of an earlier one under its key. */
  private void replaceOwn(JobId holder, JobId id) {
    NewJob earlier = job(holder);
    NewJob later = job(id);
    boolean debounces = requireNonNull(later.uniqueKey()).onConflict() == OnConflict.DEBOUNCE;
    NewJob merged =
        later.toBuilder()
            .id(holder)
            .mayExist(earlier.mayExist())
            .due(debounces ? later.due() : earlier.due())
            .after(earlier.after())
            .afterEnd(earlier.afterEnd())
            .fifo(earlier.fifo())
            .build();
    jobs.set(requireNonNull(fresh.get(holder)), merged);
    answers[requireNonNull(fresh.remove(id))] = new Enqueued.Existing(holder, true);
  }

  /** Its holder may end or lose the key while we look: then whoever has it next is asked. */
  private void replace(JobId id, String key, JobId first) throws SQLException {
    JobId holder = first;
    for (int tries = 0; tries < TRIES; tries++) {
      switch (inserts.replacements.replace(connection, holder.value(), job(id))) {
        case REPLACED -> {
          answers[requireNonNull(fresh.remove(id))] = new Enqueued.Existing(holder, true);
          waits.remove(id.value());
          return;
        }
        case FOLLOWED -> {
          taken.put(key, id);
          return;
        }
        case GONE -> {
          UUID next = inserts.keys.take(connection, List.of(newKey(id))).get(key);
          if (next == null) {
            taken.put(key, id);
            return;
          }
          if (next.equals(holder.value())) {
            exists(id, holder); // it has ended and its window is not over
            return;
          }
          holder = new JobId(next);
        }
      }
    }
    throw new SQLException("a key changes hands faster than its job can be replaced", "40001");
  }

  /** The job is not stored: {@code holder} has its id or key. */
  private void exists(JobId id, @Nullable JobId holder) {
    Integer index = fresh.remove(id);
    if (index != null) {
      answers[index] = new Enqueued.Existing(holder == null ? id : holder);
      if (holder == null || holder.equals(id)) {
        met.add(id.value());
      }
      waits.remove(id.value());
    }
  }

  /** A parent in the batch that met a taken key is a job that nobody knows. */
  private void requireParentsStored() throws SQLException {
    Map<UUID, JobId> holders = new HashMap<>();
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] != null && !answers[i].id().equals(jobs.get(i).id())) {
        holders.put(jobs.get(i).id().value(), answers[i].id());
      }
    }
    for (Wait wait : all()) {
      JobId holder = holders.get(wait.parent());
      if (holder != null) {
        inserts.keys.drop(connection, taken.keySet());
        throw new InvalidJobException(
            "after names a job of the same insert whose unique key is taken: "
                + wait.parent()
                + ", name its holder "
                + holder
                + " (parent of "
                + wait.child()
                + ")");
      }
    }
  }

  /** In order of id, so that two batches of the same ids cannot wait for each other in a circle. */
  private void insertRows() throws SQLException {
    List<NewRow> chunk = new ArrayList<>();
    long size = 0;
    for (JobId id : fresh.keySet().stream().sorted().toList()) {
      NewJob job = job(id);
      int length = job.payload().bytes().length;
      if (chunk.size() == Inserts.CHUNK_ROWS
          || (!chunk.isEmpty() && size + length > Inserts.CHUNK_BYTES)) {
        insert(chunk);
        chunk.clear();
        size = 0;
      }
      chunk.add(row(job));
      size += length;
    }
    if (!chunk.isEmpty()) {
      insert(chunk);
    }
  }

  private void insert(List<NewRow> chunk) throws SQLException {
    Set<UUID> inserted = new HashSet<>(inserts.rows.insertJobs(connection, chunk));
    List<UUID> doubtful =
        chunk.stream()
            .filter(row -> row.job().mayExist())
            .map(row -> row.job().id().value())
            .filter(inserted::contains)
            .toList();
    if (!doubtful.isEmpty()) {
      Set<UUID> over = inserts.ended.on(connection).ids(doubtful).ids(doubtful).findIds();
      if (!over.isEmpty()) {
        inserts.undo.delete(connection, over, Call::ids);
        inserted.removeAll(over);
      }
    }
    for (NewRow row : chunk) {
      NewJob job = row.job();
      if (inserted.contains(job.id().value())) {
        answers[requireNonNull(fresh.get(job.id()))] = new Enqueued.Created(job.id());
      } else {
        metAnother(job);
      }
    }
  }

  /** Somebody stored the same id at the same time: what was prepared for it is undone. */
  private void metAnother(NewJob job) throws SQLException {
    UniqueKey key = job.uniqueKey();
    if (key != null && taken.remove(key.value(), job.id())) {
      inserts.keys.drop(connection, Set.of(key.value()));
    }
    exists(job.id(), null);
  }

  private NewRow row(NewJob job) {
    return new NewRow(job, waits.getOrDefault(job.id().value(), List.of()).size());
  }
}
