package dev.jobs4j.examples.benchmarks;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimit.Rate;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.jdbc.JdbcStoreOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** How well shares and rates are kept by three engines on one database. */
final class LimitFigures {

  private static final int ENGINES = 3;
  private static final int CHUNK = 10_000;
  private static final JobType<String> NOTHING = JobType.of("nothing", String.class);

  /** Notes by the server's clock when a permit was taken. */
  private static final String LEASES =
      """
      CREATE TABLE IF NOT EXISTS l_lease (at timestamptz);
      CREATE OR REPLACE FUNCTION l_note() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO l_lease VALUES (clock_timestamp()); RETURN NEW; END';
      CREATE OR REPLACE TRIGGER l_note AFTER INSERT ON l_limit_use
        FOR EACH ROW EXECUTE FUNCTION l_note()
      """;

  private static final String FULLEST =
      """
      SELECT max(starts) FROM (
        SELECT count(*) OVER (ORDER BY at RANGE BETWEEN CURRENT ROW AND
                              interval '999999 microseconds' FOLLOWING) AS starts
          FROM l_lease) AS windows
      """;

  private record Start(String payload, long nanos) {}

  private final Area area;
  private final PrintStream out;
  private final Queue<Start> starts = new ConcurrentLinkedQueue<>();
  private volatile String awaited = "";
  private volatile CountDownLatch missing = new CountDownLatch(0);

  LimitFigures(Area area, PrintStream out) {
    this.area = area;
    this.out = out;
  }

  void print() throws Exception {
    out.printf("%d engines with 10 workers each%n", ENGINES);
    share(100_000, 10);
    share(100_000, 1_000);
    rate(Rate.of(100, Duration.ofSeconds(1)));
    rate(Rate.of(20, Duration.ofSeconds(1)));
    rate(new Rate(20, Duration.ofSeconds(1), 1));
  }

  /** While the small tenant has work: its starts of each hundred. */
  private void share(int big, int small) throws Exception {
    starts.clear();
    try (Jobs client = Jobs.builder().store(store()).enqueueOnly()) {
      enqueue(client, big, NOTHING.request("big").tenant("big"));
      enqueue(client, small, NOTHING.request("small").tenant("small"));
    }
    area.execute("VACUUM ANALYZE l_job");
    expect("small", small);
    List<Jobs> engines = engines(WorkerOptions.of(10).fairShare(FairShare.equal()));
    missing.await();
    engines.forEach(Jobs::close);
    List<Start> all = new ArrayList<>(starts);
    all.sort((a, b) -> Long.compare(a.nanos(), b.nanos()));
    int last =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).payload().equals("small"))
            .max()
            .orElseThrow();
    int least = 100;
    for (int i = 0; i + 100 <= last + 1; i += 100) {
      int own = 0;
      for (Start start : all.subList(i, i + 100)) {
        own += start.payload().equals("small") ? 1 : 0;
      }
      least = Math.min(least, own);
    }
    String share =
        last + 1 < 100
            ? "%d of the first %d starts were its own".formatted(small, last + 1)
            : "at least %d of each 100 starts while it had work".formatted(least);
    out.printf("small tenant with %,d jobs beside %,d: %s%n", small, big, share);
    area.execute("TRUNCATE l_job, l_history, l_engine");
  }

  /** Ten seconds of a backlog: starts in the fullest second, and the share of the rate used. */
  private void rate(Rate rate) throws Exception {
    starts.clear();
    int perSecond = rate.starts();
    int burst = rate.burst();
    JobLimit limit = new JobLimit("steady", null, rate);
    int jobs = 12 * perSecond;
    expect("paced", 10 * perSecond);
    List<Jobs> engines = engines(WorkerOptions.of(10));
    area.execute(LEASES);
    engines.get(0).limits().define(limit);
    enqueue(engines.get(0), jobs, NOTHING.request("paced").limit("steady"));
    missing.await();
    engines.forEach(Jobs::close);
    List<Long> times = starts.stream().map(Start::nanos).sorted().limit(10L * perSecond).toList();
    long leases = area.number(FULLEST);
    double seconds = (times.get(times.size() - 1) - times.get(0)) / 1e9;
    out.printf(
        "rate %d/s, burst %d: at most %d leases and %d handlers in any second (allowed %d), %.1f %%"
            + " of the rate used%n",
        perSecond,
        burst,
        leases,
        fullest(times),
        perSecond + burst,
        100 * (times.size() - burst) / (perSecond * seconds));
    area.execute(
        "TRUNCATE l_job, l_history, l_engine, l_limit_key, l_limit_use, l_limit_wait, l_lease");
  }

  private static int fullest(List<Long> times) {
    int fullest = 0;
    for (int from = 0, to = 0; to < times.size(); to++) {
      while (times.get(to) - times.get(from) >= 1_000_000_000L) {
        from++;
      }
      fullest = Math.max(fullest, to - from + 1);
    }
    return fullest;
  }

  /** Says before the engines start which of their starts are counted down. */
  private void expect(String payload, int count) {
    awaited = payload;
    missing = new CountDownLatch(count);
  }

  private Object noted(String payload) {
    starts.add(new Start(payload, System.nanoTime()));
    if (payload.equals(awaited)) {
      missing.countDown();
    }
    return payload;
  }

  private static void enqueue(Jobs jobs, int count, JobRequest<?> request) {
    for (int done = 0; done < count; done += CHUNK) {
      jobs.enqueueAll(
          IntStream.range(done, Math.min(done + CHUNK, count))
              .<JobRequest<?>>mapToObj(i -> request)
              .toList());
    }
  }

  private List<Jobs> engines(WorkerOptions workers) {
    List<Jobs> engines = new ArrayList<>();
    for (int i = 0; i < ENGINES; i++) {
      engines.add(
          Jobs.builder()
              .store(store())
              .options(EngineOptions.builder().name("engine-" + i).build())
              .workers(workers)
              .handler(NOTHING, (payload, context) -> noted(payload))
              .start());
    }
    return engines;
  }

  private JdbcJobStore store() {
    return JdbcJobStore.of(
        area.pool(),
        JdbcStoreOptions.builder()
            .tablePrefix("l_")
            .schemaMode(JdbcStoreOptions.SchemaMode.MIGRATE)
            .build());
  }
}
