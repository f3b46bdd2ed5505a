package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.AuditWords;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.Payload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is seen of dead letters and done to them. */
final class JdbcDeadLetters implements DeadLetterRecords {

  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);

  private final Transactions transactions;
  private final Sql sql;
  private final Interventions interventions;
  private final Lines lines;
  private final Audit audit;
  private final Command find;
  private final Command lockPayload;
  private final Command edit;
  private final Command forgetSteps;
  private final Command lockCause;

  JdbcDeadLetters(Transactions transactions, Sql sql, Interventions interventions, Lines lines) {
    this.lines = lines;
    this.transactions = transactions;
    this.sql = sql;
    this.interventions = interventions;
    audit = new Audit(transactions, sql);
    find =
        sql.command(
            """
            SELECT id, type, queue, reason, error_class, error_message, error_stack, attempt,
                   payload, codec, finished_at, origin, type_version, tenant, tags, fingerprint
              FROM {p}dead WHERE id = ?
            """);
    lockPayload =
        sql.command("SELECT codec, payload, type_version FROM {p}dead WHERE id = ? FOR UPDATE");
    edit = sql.command("UPDATE {p}dead SET codec = ?, payload = ?, type_version = ? WHERE id = ?");
    forgetSteps = sql.command("DELETE FROM {p}note WHERE job_id = ? AND kind = 'STEP'");
    lockCause =
        sql.command(
            """
            SELECT id, reason, error_class, fingerprint FROM {p}dead {use PRIMARY}
             WHERE id = ANY (?) ORDER BY id FOR UPDATE
            """);
  }

  @Override
  public List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return page(
        """
        SELECT id, type, queue, reason, error_class, error_message, error_stack, attempt,
               payload, codec, finished_at, origin, type_version, tenant, tags, fingerprint
          FROM {p}dead
         WHERE id >= ? %s
         ORDER BY id
         LIMIT ?
        """,
        filter, after, limit, JdbcDeadLetters::letter);
  }

  @Override
  public List<JobId> ids(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    return page(
        "SELECT id FROM {p}dead WHERE id >= ? %s ORDER BY id LIMIT ?",
        filter, after, limit, Row::jobId);
  }

  private <T> List<T> page(
      String statement,
      DeadLetterFilter filter,
      @Nullable JobId after,
      int limit,
      Call.Reader<T> reader) {
    if (after != null && after.value().equals(LAST)) {
      return List.of();
    }
    DeadLetterQuery query = new DeadLetterQuery(filter);
    Command page = sql.command(statement.formatted(query.more()));
    UUID from = after == null ? FIRST : next(after.value());
    return transactions.read(
        "Reading dead letters",
        connection -> query.bind(page.on(connection).id(from)).number(limit).list(reader));
  }

  /** The id behind this one, so that the index alone finds the page. */
  private static UUID next(UUID id) {
    long low = id.getLeastSignificantBits() + 1;
    return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    return transactions.read(
        "Reading a dead letter",
        connection -> find.on(connection).id(id.value()).first(JdbcDeadLetters::letter));
  }

  static DeadLetter letter(Row row) throws SQLException {
    return new DeadLetter(
        row.jobId(),
        row.text("type"),
        new JobQueue(row.text("queue")),
        DeadReason.valueOf(row.text("reason")),
        failure(row),
        row.integer("attempt"),
        row.bytes("payload"),
        row.text("codec"),
        row.instant("finished_at"),
        row.textOrNull("origin"),
        row.integer("type_version"),
        row.textOrNull("tenant"),
        Tags.read(row.textOrNull("tags")),
        row.text("fingerprint"));
  }

  private static Failure failure(Row row) throws SQLException {
    return new Failure(row.text("error_class"), row.text("error_message"), row.text("error_stack"));
  }

  @Override
  public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
    DeadLetterQuery query = new DeadLetterQuery(filter);
    Command groups =
        sql.command(
            """
            SELECT d.id, d.fingerprint, d.error_class, d.error_message, d.error_stack, g.letters,
                   g.first_died_at, g.last_died_at
              FROM (
                SELECT id,
                       COUNT(*) OVER (PARTITION BY fingerprint) AS letters,
                       MIN(finished_at) OVER (PARTITION BY fingerprint) AS first_died_at,
                       MAX(finished_at) OVER (PARTITION BY fingerprint) AS last_died_at,
                       ROW_NUMBER() OVER (
                         PARTITION BY fingerprint ORDER BY finished_at DESC, id DESC) AS newest
                  FROM {p}dead
                 WHERE id >= ? %s) g
              JOIN {p}dead d ON d.id = g.id
             WHERE g.newest = 1
             ORDER BY g.letters DESC, d.fingerprint
             LIMIT ?
            """
                .formatted(query.more()));
    return transactions.read(
        "Grouping dead letters",
        connection ->
            query
                .bind(groups.on(connection).id(FIRST))
                .number(limit)
                .list(
                    row ->
                        new DeadLetterGroup(
                            row.text("fingerprint"),
                            row.number("letters"),
                            row.instant("first_died_at"),
                            row.instant("last_died_at"),
                            row.jobId(),
                            failure(row))));
  }

  @Override
  public List<BlockedLine> blockedLines(@Nullable String after, int limit) {
    return transactions.read(
        "Listing blocked lines", connection -> lines.blocked(connection, after, limit));
  }

  @Override
  public Redriven redrive(Map<JobId, Duration> delays, Operator operator) {
    return transactions.transaction(
        "Redriving dead letters",
        connection -> {
          if (delays.size() > 1) {
            causes(connection, delays.keySet()); // locks them by id: their order here is the lines'
          }
          List<JobId> blocked = new ArrayList<>();
          Map<UUID, String> changes = new LinkedHashMap<>();
          Map<UUID, String> standing = new LinkedHashMap<>();
          for (Map.Entry<JobId, Duration> wanted : delays.entrySet()) {
            JobId id = wanted.getKey();
            long delay = Micros.of(wanted.getValue());
            switch (interventions.reviveDead(connection, id.value(), delay, standing)) {
              case DONE -> changes.put(id.value(), AuditWords.redriven(wanted.getValue()));
              case KEY_HELD -> blocked.add(id);
              case ABSENT -> {} // somebody else was faster, and is in the audit
            }
          }
          interventions.standAgain(connection, standing);
          audit.write(connection, AuditEntry.Action.REDRIVE, operator, changes);
          return new Redriven(jobs(changes.keySet()), blocked, false);
        });
  }

  @Override
  public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
    return transactions.transaction(
        "Editing a dead letter",
        connection -> {
          Optional<String> change =
              lockPayload
                  .on(connection)
                  .id(id.value())
                  .first(
                      row ->
                          AuditWords.edited(
                              new Payload(row.text("codec"), row.bytes("payload")),
                              row.integer("type_version"),
                              payload,
                              typeVersion));
          if (change.isPresent()) {
            edit.on(connection)
                .text(payload.codec())
                .bytes(payload.bytes())
                .number(typeVersion)
                .id(id.value())
                .update();
            forgetSteps.on(connection).id(id.value()).update();
            audit.write(
                connection, AuditEntry.Action.EDIT, operator, Map.of(id.value(), change.get()));
          }
          return change.isPresent();
        });
  }

  @Override
  public Set<JobId> discard(Collection<JobId> ids, Operator operator) {
    if (ids.isEmpty()) {
      return Set.of();
    }
    return transactions.transaction(
        "Discarding dead letters",
        connection -> {
          Map<UUID, String> changes = causes(connection, ids);
          if (!changes.isEmpty()) {
            interventions.deleteDead(connection, changes.keySet());
            audit.write(connection, AuditEntry.Action.DISCARD, operator, changes);
          }
          return Set.copyOf(jobs(changes.keySet()));
        });
  }

  /** Why these jobs died, as far as they have; locks them. */
  private Map<UUID, String> causes(Connection connection, Collection<JobId> ids)
      throws SQLException {
    Map<UUID, String> causes = new LinkedHashMap<>();
    lockCause
        .on(connection)
        .ids(ids.stream().map(JobId::value).collect(Collectors.toSet()))
        .each(
            row ->
                causes.put(
                    row.id("id"),
                    AuditWords.discarded(
                        DeadReason.valueOf(row.text("reason")),
                        row.text("error_class"),
                        row.text("fingerprint"))));
    return causes;
  }

  private static List<JobId> jobs(Collection<UUID> ids) {
    return ids.stream().map(JobId::new).toList();
  }

  @Override
  public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
    return audit.read(job, before, limit);
  }
}
