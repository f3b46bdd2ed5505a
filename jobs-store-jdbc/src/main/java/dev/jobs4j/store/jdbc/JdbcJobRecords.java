package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.KeptResult;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What people and tools may see; what they may do is in {@link Interventions}. */
final class JdbcJobRecords implements JobRecords {

  private final Transactions transactions;
  private final Interventions interventions;
  private final JdbcReports reports;
  private final DeadLetterRecords letters;
  private final Looks looks;
  private final Command result;
  private final Command results;
  private final Command attempts;
  private final Command content;
  private final Command count;

  JdbcJobRecords(
      Transactions transactions,
      Sql sql,
      Interventions interventions,
      Lines lines,
      JdbcReports reports,
      Looks looks) {
    this.transactions = transactions;
    this.interventions = interventions;
    this.reports = reports;
    this.looks = looks;
    letters = new JdbcDeadLetters(transactions, sql, interventions, lines);
    result =
        sql.command(
            "SELECT result_codec, result FROM {p}history WHERE id = ? AND result_codec IS NOT NULL");
    results =
        sql.command(
            """
            SELECT id, type, tenant, state, result_codec, result
              FROM {p}history WHERE id = ANY (?)
            UNION ALL
            SELECT id, type, tenant, 'DEAD', NULL, NULL FROM {p}dead WHERE id = ANY (?)
            UNION ALL
            SELECT id, type, tenant, state, NULL, NULL FROM {p}job WHERE id = ANY (?)
            """);
    attempts =
        sql.command(
            """
            SELECT attempt, token, ended_at, error_class, error_message, error_stack
              FROM {p}attempt WHERE job_id = ? ORDER BY token
            """);
    content =
        sql.command(
            """
            SELECT id, type, type_version, queue, codec, payload, priority, max_attempts, tenant,
                   tags, limits, headers
              FROM {p}dead WHERE id = ?
            UNION ALL
            SELECT id, type, type_version, queue, codec, payload, priority, max_attempts, tenant,
                   tags, limits, headers
              FROM {p}history WHERE id = ?
            """);
    count =
        sql.command(
            """
            SELECT state, COUNT(*) AS jobs FROM {p}job WHERE queue = ? GROUP BY state
            UNION ALL
            SELECT 'DEAD', COUNT(*) FROM {p}dead WHERE queue = ?
            UNION ALL
            SELECT state, COUNT(*) FROM {p}history WHERE queue = ? GROUP BY state
            """);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return transactions.read("Finding a job", connection -> looks.find(connection, id));
  }

  @Override
  public Optional<Standing> standing(JobId id) {
    return transactions.read("Looking at a job", connection -> looks.standing(connection, id));
  }

  @Override
  public boolean isLocked(JobId id) {
    return transactions.transaction(
        "Looking whether a job is locked", connection -> looks.isLocked(connection, id));
  }

  @Override
  public Cancellation cancel(JobId id) {
    return interventions.cancel(id);
  }

  @Override
  public boolean requeue(JobId id) {
    return interventions.requeue(id);
  }

  @Override
  public boolean delete(JobId id) {
    return interventions.delete(id);
  }

  @Override
  public Optional<Payload> result(JobId id) {
    return transactions.read(
        "Reading a result",
        connection ->
            result
                .on(connection)
                .id(id.value())
                .first(row -> new Payload(row.text("result_codec"), row.bytes("result"))));
  }

  @Override
  public List<KeptResult> results(List<JobId> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    List<UUID> asked = ids.stream().map(JobId::value).toList();
    return transactions.read(
        "Reading results",
        connection ->
            results.on(connection).ids(asked).ids(asked).ids(asked).list(JdbcJobRecords::kept));
  }

  private static KeptResult kept(Row row) throws SQLException {
    String codec = row.textOrNull("result_codec");
    return new KeptResult(
        row.jobId(),
        row.text("type"),
        row.textOrNull("tenant"),
        JobState.valueOf(row.text("state")),
        codec == null ? null : new Payload(codec, row.bytes("result")));
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return transactions.read(
        "Reading attempts",
        connection ->
            attempts
                .on(connection)
                .id(id.value())
                .list(
                    row ->
                        new AttemptRecord(
                            row.integer("attempt"),
                            row.number("token"),
                            row.instant("ended_at"),
                            Looks.failure(row))));
  }

  @Override
  public Optional<Progress> progress(JobId id) {
    return reports.progress(id);
  }

  @Override
  public LogPage log(JobId id, long after, int limit) {
    return reports.log(id, after, limit);
  }

  @Override
  public Optional<NewJob> content(JobId id) {
    return transactions.read(
        "Reading what a job was",
        connection ->
            content.on(connection).id(id.value()).id(id.value()).first(JdbcJobRecords::content));
  }

  private static NewJob content(Row row) throws SQLException {
    return NewJob.builder(
            row.jobId(),
            row.text("type"),
            new JobQueue(row.text("queue")),
            new Payload(row.text("codec"), row.bytes("payload")))
        .typeVersion(row.integer("type_version"))
        .priority(Priority.ofLevel(row.integer("priority")))
        .maxAttempts(row.integerOrNull("max_attempts"))
        .tenant(row.textOrNull("tenant"))
        .tags(Tags.read(row.textOrNull("tags")))
        .limits(LimitKeys.read(row.textOrNull("limits")))
        .headers(Headers.read(row.textOrNull("headers")))
        .build();
  }

  @Override
  public DeadLetterRecords letters() {
    return letters;
  }

  @Override
  public Map<JobState, Long> count(JobQueue queue) {
    return transactions.read("Counting jobs", connection -> count(connection, queue));
  }

  private Map<JobState, Long> count(Connection connection, JobQueue queue) throws SQLException {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    count
        .on(connection)
        .text(queue.name())
        .text(queue.name())
        .text(queue.name())
        .each(
            row -> {
              if (row.number("jobs") > 0) {
                counts.put(JobState.valueOf(row.text("state")), row.number("jobs"));
              }
            });
    return counts;
  }
}
