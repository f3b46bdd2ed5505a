package dev.jobs4j.store.jdbc;

import static java.util.Objects.requireNonNull;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.store.jdbc.RowInserts.NewKey;
import dev.jobs4j.store.jdbc.RowInserts.NewRow;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stop 2: decides which of the jobs are new, and stores those. The order closes the races: parents
 * are locked before anything is written, so a refusal leaves nothing behind; keys are taken before
 * rows are written; and an id that may have been used is looked for in the other areas once more
 * after its row is in, because only then can no settlement move it past the look.
 */
final class Inserts {

  /** Beyond it a row no longer fits a message to the server with its neighbours. */
  static final int MAX_PAYLOAD = 256 * 1024 * 1024;

  private static final int CHUNK_ROWS = 1_000;
  private static final int CHUNK_BYTES = 16 * 1024 * 1024;

  private final RowInserts rows;
  private final UniqueKeys keys;
  private final Waiting waiting;
  private final Command known;
  private final Command ended;
  private final Command undo;

  Inserts(Sql sql, RowInserts rows, UniqueKeys keys, Waiting waiting) {
    this.rows = rows;
    this.keys = keys;
    this.waiting = waiting;
    known =
        sql.command(
            """
            SELECT id FROM {p}job WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}dead WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}history WHERE id = ANY (?)
            """);
    ended =
        sql.command(
            """
            SELECT id FROM {p}dead WHERE id = ANY (?)
            UNION ALL SELECT id FROM {p}history WHERE id = ANY (?)
            """);
    undo = sql.command("DELETE FROM {p}job WHERE id = ANY (?)");
  }

  /** Whether one statement stores them all, so that it needs no transaction around it. */
  boolean isOneStatement(List<NewJob> jobs) {
    return jobs.size() <= CHUNK_ROWS
        && rows.isOneStatement(jobs.size())
        && jobs.stream()
            .allMatch(job -> !job.mayExist() && job.uniqueKey() == null && job.after().isEmpty())
        && bytes(jobs) <= CHUNK_BYTES;
  }

  private static long bytes(List<NewJob> jobs) {
    return jobs.stream().mapToLong(job -> job.payload().bytes().length).sum();
  }

  /** Refuses what no column can hold, before anything is sent. */
  static void check(List<NewJob> jobs) {
    for (NewJob job : jobs) {
      UniqueKey key = job.uniqueKey();
      requireText("uniqueKey", key == null ? null : key.value(), 200);
      requireText("tenant", job.tenant(), 120);
      requireText("type", job.type(), 120);
      requireText("payload codec", job.payload().codec(), 20);
      if (job.payload().bytes().length > MAX_PAYLOAD) {
        throw new InvalidJobException(
            "payload has "
                + job.payload().bytes().length
                + " bytes, the store takes at most "
                + MAX_PAYLOAD
                + ": job="
                + job.id());
      }
      if (job.after().contains(job.id())) {
        throw new InvalidJobException("after names the job itself: " + job.id());
      }
    }
  }

  private static void requireText(String what, @Nullable String text, int length) {
    if (text != null
        && (text.length() > length
            || text.indexOf('\0') >= 0
            || !StandardCharsets.UTF_8.newEncoder().canEncode(text))) {
      throw new InvalidJobException(
          what + " must have at most " + length + " characters, no NUL and no half of a pair");
    }
  }

  /** Stores jobs in the transaction of this connection; the answers are in their order. */
  List<Enqueued> insert(Connection connection, List<NewJob> jobs) throws SQLException {
    return jobs.isEmpty() ? List.of() : new Batch(connection, jobs).insert();
  }

  /** One insert while it is being decided. */
  private final class Batch {
    private final Connection connection;
    private final List<NewJob> jobs;
    private final @Nullable Enqueued[] answers;

    /** What is new so far, by id, in order. */
    private final Map<JobId, Integer> fresh = new LinkedHashMap<>();

    private final Map<UUID, Set<UUID>> parents = new LinkedHashMap<>();

    /** Ids that looked new and turned out to be somebody else's. */
    private final Set<UUID> met = new HashSet<>();

    /** Keys that this insert took, and by which job. */
    private final Map<String, JobId> taken = new HashMap<>();

    Batch(Connection connection, List<NewJob> jobs) {
      this.connection = connection;
      this.jobs = jobs;
      this.answers = new Enqueued[jobs.size()];
    }

    List<Enqueued> insert() throws SQLException {
      leaveOutKnownIds();
      lockParents();
      takeKeys();
      insertRows();
      lockParentsMet();
      waiting.insert(connection, parents); // of those that were stored
      List<Enqueued> result = new ArrayList<>(answers.length);
      for (Enqueued answer : answers) {
        result.add(requireNonNull(answer));
      }
      return result;
    }

    private void leaveOutKnownIds() throws SQLException {
      List<UUID> doubtful =
          jobs.stream().filter(NewJob::mayExist).map(job -> job.id().value()).toList();
      Set<UUID> found =
          doubtful.isEmpty()
              ? Set.of()
              : known.on(connection).ids(doubtful).ids(doubtful).ids(doubtful).findIds();
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
      for (Map.Entry<JobId, Integer> entry : fresh.entrySet()) {
        for (JobId parent : jobs.get(entry.getValue()).after()) {
          if (!before.contains(parent)) {
            outside.add(parent.value());
          }
        }
        before.add(entry.getKey());
      }
      if (outside.isEmpty() && fresh.keySet().stream().allMatch(id -> job(id).after().isEmpty())) {
        return;
      }
      Set<UUID> succeeded = new HashSet<>(outside);
      succeeded.removeAll(waiting.lockParents(connection, outside));
      for (JobId id : fresh.keySet()) {
        Set<UUID> waitsFor = new HashSet<>();
        job(id).after().forEach(parent -> waitsFor.add(parent.value()));
        waitsFor.removeAll(succeeded);
        if (!waitsFor.isEmpty()) {
          parents.put(id.value(), waitsFor);
        }
      }
    }

    /**
     * A parent of this batch that somebody else had stored meanwhile was not locked with the
     * others, and may have succeeded: then nobody would come to release its children.
     */
    private void lockParentsMet() throws SQLException {
      Set<UUID> over = new HashSet<>(met);
      over.removeIf(id -> parents.values().stream().noneMatch(waitsFor -> waitsFor.contains(id)));
      if (over.isEmpty()) {
        return;
      }
      over.removeAll(waiting.lockParents(connection, Set.copyOf(over)));
      Map<UUID, Integer> fewer = new TreeMap<>();
      parents.forEach(
          (child, waitsFor) -> {
            int before = waitsFor.size();
            if (waitsFor.removeAll(over)) {
              fewer.put(child, before - waitsFor.size());
            }
          });
      waiting.unblock(connection, fewer);
    }

    private NewJob job(JobId id) {
      return jobs.get(requireNonNull(fresh.get(id)));
    }

    private void takeKeys() throws SQLException {
      List<NewKey> wanted = new ArrayList<>();
      for (JobId id : fresh.keySet()) {
        UniqueKey key = job(id).uniqueKey();
        if (key != null && taken.putIfAbsent(key.value(), id) == null) {
          wanted.add(new NewKey(key.value(), id.value(), Micros.of(key.window())));
        }
      }
      if (wanted.isEmpty()) {
        return;
      }
      Map<String, UUID> holders = keys.take(connection, wanted);
      holders.keySet().forEach(taken::remove);
      for (Map.Entry<JobId, Integer> entry : List.copyOf(fresh.entrySet())) {
        UniqueKey key = jobs.get(entry.getValue()).uniqueKey();
        if (key != null && !entry.getKey().equals(taken.get(key.value()))) {
          UUID other = holders.get(key.value());
          exists(entry.getKey(), other == null ? taken.get(key.value()) : new JobId(other));
        }
      }
      requireParentsStored();
    }

    /** The job is not stored: {@code holder} has its id or key. */
    private void exists(JobId id, @Nullable JobId holder) {
      Integer index = fresh.remove(id);
      if (index != null) {
        answers[index] = new Enqueued.Existing(holder == null ? id : holder);
        if (holder == null || holder.equals(id)) {
          met.add(id.value());
        }
        parents.remove(id.value());
      }
    }

    /** A parent in the batch that met a taken key is a job that nobody knows. */
    private void requireParentsStored() throws SQLException {
      Set<UUID> unstored = new HashSet<>();
      for (int i = 0; i < answers.length; i++) {
        if (answers[i] != null && !answers[i].id().equals(jobs.get(i).id())) {
          unstored.add(jobs.get(i).id().value());
        }
      }
      for (Set<UUID> waitsFor : parents.values()) {
        if (waitsFor.stream().anyMatch(unstored::contains)) {
          keys.drop(connection, taken.keySet());
          throw new InvalidJobException(
              "after names a job of the same insert whose unique key is taken: " + waitsFor);
        }
      }
    }

    /**
     * In order of id, so that two batches of the same ids cannot wait for each other in a circle.
     */
    private void insertRows() throws SQLException {
      List<NewRow> chunk = new ArrayList<>();
      long size = 0;
      for (JobId id : fresh.keySet().stream().sorted().toList()) {
        NewJob job = job(id);
        int length = job.payload().bytes().length;
        if (chunk.size() == CHUNK_ROWS || (!chunk.isEmpty() && size + length > CHUNK_BYTES)) {
          insert(chunk);
          chunk.clear();
          size = 0;
        }
        chunk.add(new NewRow(job, parents.getOrDefault(id.value(), Set.of()).size()));
        size += length;
      }
      if (!chunk.isEmpty()) {
        insert(chunk);
      }
    }

    private void insert(List<NewRow> chunk) throws SQLException {
      Set<UUID> inserted = new HashSet<>(rows.insertJobs(connection, chunk));
      List<UUID> doubtful =
          chunk.stream()
              .filter(row -> row.job().mayExist())
              .map(row -> row.job().id().value())
              .filter(inserted::contains)
              .toList();
      if (!doubtful.isEmpty()) {
        Set<UUID> over = ended.on(connection).ids(doubtful).ids(doubtful).findIds();
        if (!over.isEmpty()) {
          undo.on(connection).ids(over).update();
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
        keys.drop(connection, Set.of(key.value()));
      }
      exists(job.id(), null);
    }
  }
}
