package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Short words for what the tests of this package do. */
final class Steps {

  static final JobQueue QUEUE = JobQueue.of("work");
  static final String TYPE = "work.do";

  private Steps() {}

  static NewJob job() {
    return NewJob.of(
        new JobId(UUID.randomUUID()), TYPE, QUEUE, new Payload("json", new byte[] {'{', '}'}));
  }

  static NewJob after(JobId parent) {
    NewJob job = job();
    return NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
        .priority(job.priority())
        .due(job.due())
        .after(List.of(parent))
        .headers(job.headers())
        .build();
  }

  static JobId insert(JobStore store) {
    NewJob job = job();
    store.insert(List.of(job));
    return job.id();
  }

  static EngineId engine(JobStore store, Duration lease) {
    EngineId id = new EngineId(UUID.randomUUID());
    store.register(new EngineInfo(id, "node", "0.1", lease, Map.of(), Map.of()));
    return id;
  }

  static EngineId engine(JobStore store) {
    return engine(store, Duration.ofMinutes(10));
  }

  static ClaimRequest claimOf(EngineId engine, int limit) {
    return new ClaimRequest(engine, UUID.randomUUID(), QUEUE, Map.of(TYPE, 1), limit, true);
  }

  static ClaimRequest turnOf(EngineId engine, int limit) {
    return new ClaimRequest(
        engine,
        UUID.randomUUID(),
        QUEUE,
        Map.of(TYPE, 1),
        limit,
        0,
        true,
        FairTurn.first(Map.of()));
  }

  /** Of one tenant, due in so long, counted against these limits. */
  static List<NewJob> jobsFor(String tenant, int count, Duration delay, String... limits) {
    Set<LimitKey> keys = Stream.of(limits).map(LimitKey::parse).collect(Collectors.toSet());
    return Stream.generate(Steps::job)
        .limit(count)
        .map(
            job ->
                NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
                    .tenant(tenant)
                    .due(new Due.In(delay))
                    .limits(keys)
                    .build())
        .toList();
  }

  /**
   * Few jobs of many tenants beside the many of one: those that wait for nothing, those that wait
   * for a key which is open again, and those that are not due. Returns the engine that can claim.
   */
  static EngineId crowd(JobStore store) {
    store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
    EngineId engine = engine(store);
    store.insert(jobsFor("big", 3_000, Duration.ZERO, "carrier/dhl"));
    for (int i = 0; i < 20; i++) {
      store.insert(jobsFor("w" + i, 2, Duration.ZERO, "carrier/dhl"));
    }
    List<LeasedJob> first = store.claim(claimOf(engine, 10));
    assertThat(first).hasSize(1);
    for (int i = 0; i < 20; i++) {
      store.insert(jobsFor("t" + i, 2, Duration.ZERO));
      store.insert(jobsFor("late" + i, 100, Duration.ofDays(1)));
    }
    store.insert(jobsFor("big", 3_000, Duration.ZERO));
    settle(store, first.get(0), succeeded());
    return engine;
  }

  static List<LeasedJob> claim(JobStore store, int limit) {
    return store.claim(claimOf(engine(store), limit));
  }

  static Set<TokenLease> settle(JobStore store, LeasedJob job, Outcome outcome) {
    return store.settle(List.of(new Settlement(job.lease(), outcome)));
  }

  static Outcome succeeded() {
    return new Outcome.Succeeded(null);
  }

  static void execute(DataSource dataSource, String... statements) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static long number(DataSource dataSource, String sql) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
