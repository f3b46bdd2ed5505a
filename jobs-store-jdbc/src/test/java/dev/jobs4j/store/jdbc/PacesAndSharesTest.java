package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.WorkerOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rates and shares over three engines, by what PostgreSQL notes of each lease. How much of a rate
 * is used on a quiet machine is a figure of the benchmarks; here a machine may be busy, so a start
 * counts for a second only if it cannot have been decided outside of it.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PacesAndSharesTest {

  private static final JobType<String> NOTHING = JobType.of("nothing", String.class);
  private static final int CHUNK = 5_000;

  private static final int PER_SECOND = 50;
  private static final int BURST = 10;
  private static final int SECONDS = 4;

  /** Of each hundred starts, how many a small tenant of two has at least. */
  private static final double SHARE = 0.4;

  private static final int SMALL = 600;

  /**
   * As many of the small tenant's last jobs as three engines may hold at once, and as many more.
   */
  private static final int LAST = 60;

  private final HikariDataSource pool = Databases.POSTGRES_15.open();
  private final JdbcStoreOptions tables = Databases.newTables();
  private final JdbcJobStore store = JdbcJobStore.of(pool, tables);
  private final String p = tables.tablePrefix();
  private final List<Jobs> engines = new ArrayList<>();

  /** The decision fell between the two, in microseconds; each claim is one transaction. */
  private record Lease(long from, long to, long claim, String tenant) {}

  @AfterEach
  void close() {
    engines.forEach(Jobs::close);
    pool.close();
  }

  @Test
  void aRateIsKeptInEverySecondAndUsed() throws Exception {
    JobLimit limit = JobLimit.rate("steady", PER_SECOND, Duration.ofSeconds(1)).burst(BURST);
    store.limits().orElseThrow().define(limit);
    enqueue(60 * PER_SECOND, NOTHING.request("x").limit("steady"));
    noteLeases();
    start(WorkerOptions.of(10));

    int wanted = PER_SECOND * SECONDS * 80 / 100 + BURST;
    await("80 % of the rate for some seconds", leases -> most(leases, SECONDS) >= wanted);
    stop();

    assertThat(most(leases(), 1)).isLessThanOrEqualTo(PER_SECOND + BURST);
  }

  /** The most leases that were certainly decided within so many seconds. */
  private static int most(List<Lease> leases, int seconds) {
    long micros = TimeUnit.SECONDS.toMicros(seconds);
    return leases.stream()
        .mapToInt(
            first ->
                (int)
                    leases.stream()
                        .filter(lease -> lease.from() >= first.from())
                        .filter(lease -> lease.to() < first.from() + micros)
                        .count())
        .max()
        .orElse(0);
  }

  @Test
  void aSmallTenantHasItsShareOfEachHundredStarts() throws Exception {
    enqueue(10_000, NOTHING.request("x").tenant("big"));
    enqueue(SMALL, NOTHING.request("x").tenant("small"));
    enqueue(1, NOTHING.request("x").tenant("tiny"));
    noteLeases();
    start(WorkerOptions.of(10).fairShare(FairShare.equal()));
    await("the small tenant's jobs", leases -> count(leases, "small") == SMALL);
    stop();

    List<List<Lease>> hundreds = hundreds(leases());
    assertThat(count(hundreds.get(0), "tiny")).as("one beside 10,000").isOne();
    assertThat(hundreds)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            starts ->
                assertThat(count(starts, "small"))
                    .as("of %d starts", starts.size())
                    .isGreaterThanOrEqualTo((int) (SHARE * (starts.size() - 1))));
  }

  /**
   * While the small tenant has work: the starts in the order of their claims, each claim whole, at
   * least a hundred of them together.
   */
  private static List<List<Lease>> hundreds(List<Lease> leases) {
    List<List<Lease>> hundreds = new ArrayList<>();
    List<Lease> open = new ArrayList<>();
    long left = SMALL;
    for (int i = 0; i < leases.size() && left > LAST; i++) {
      Lease lease = leases.get(i);
      boolean begins = i == 0 || leases.get(i - 1).claim() != lease.claim();
      if (begins && open.size() >= 100) {
        hundreds.add(open);
        open = new ArrayList<>();
      }
      open.add(lease);
      left -= lease.tenant().equals("small") ? 1 : 0;
    }
    return hundreds;
  }

  private static int count(List<Lease> leases, String tenant) {
    return (int) leases.stream().filter(lease -> lease.tenant().equals(tenant)).count();
  }

  private void enqueue(int count, JobRequest<?> request) {
    try (Jobs client = Jobs.builder().store(store).enqueueOnly()) {
      for (int left = count; left > 0; left -= CHUNK) {
        client.enqueueAll(Collections.nCopies(Math.min(left, CHUNK), request));
      }
    }
  }

  private void noteLeases() {
    Steps.execute(
        pool,
        "CREATE TABLE " + p + "lease (began timestamptz, at timestamptz, claim bigint, who text)",
        "CREATE FUNCTION "
            + p
            + "note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO "
            + p
            + "lease VALUES (transaction_timestamp(), clock_timestamp(), txid_current(),"
            + " coalesce(NEW.tenant, '''')); RETURN NULL; END'",
        "CREATE TRIGGER note AFTER UPDATE ON "
            + p
            + "job FOR EACH ROW WHEN (OLD.state = 'PENDING' AND NEW.state = 'RUNNING') EXECUTE"
            + " FUNCTION "
            + p
            + "note()");
  }

  private void start(WorkerOptions workers) {
    for (int i = 0; i < 3; i++) {
      engines.add(
          Jobs.builder()
              .store(JdbcJobStore.of(pool, tables))
              .options(EngineOptions.builder().name("engine-" + i).build())
              .workers(workers)
              .handler(NOTHING, (payload, context) -> payload)
              .start());
    }
  }

  private void stop() {
    engines.forEach(Jobs::stop);
  }

  private void await(String what, Predicate<List<Lease>> done) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!done.test(leases())) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  /** In the order of their claims. */
  private List<Lease> leases() throws SQLException {
    List<Lease> leases = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT extract(epoch FROM began) * 1000000 AS began,"
                    + " extract(epoch FROM at) * 1000000 AS at, claim, who FROM "
                    + p
                    + "lease ORDER BY min(at) OVER (PARTITION BY claim), claim, at")) {
      while (row.next()) {
        leases.add(new Lease(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4)));
      }
    }
    return leases;
  }
}
