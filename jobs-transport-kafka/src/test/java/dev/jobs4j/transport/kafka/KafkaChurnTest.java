package dev.jobs4j.transport.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import dev.jobs4j.tck.BackendReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Members come and go all the time, in order; no job may be lost, and none accepted twice. */
class KafkaChurnTest {
  private static final int JOBS = 1_500;
  private static final int MEMBERS = 3;

  private final long seed = System.nanoTime();
  private final Map<JobId, AtomicInteger> accepted = new ConcurrentHashMap<>();
  private final AtomicInteger lives = new AtomicInteger();

  /** A small engine: settles on other threads, and drains what a rebalance takes away. */
  private final class Member implements SourceListener {
    private final KafkaRig rig;
    private final ScheduledExecutorService workers;
    private final Random random;
    private final Set<Lease> running = ConcurrentHashMap.newKeySet();
    private JobSource source;

    Member(KafkaRig rig, ScheduledExecutorService workers, long own) {
      this.rig = rig;
      this.workers = workers;
      this.random = new Random(own);
    }

    void live(Duration time) throws InterruptedException {
      lives.incrementAndGet();
      source = rig.transport().open(Set.of(rig.queue), this);
      long end = System.nanoTime() + time.toNanos();
      while (System.nanoTime() < end && accepted.size() < JOBS) {
        for (LeasedJob job :
            source.turn(rig.demand(Math.max(0, 8 - running.size())), Duration.ofMillis(20))) {
          running.add(job.lease());
          boolean fails = job.attempt() == 1 && random.nextInt(20) == 0;
          workers.schedule(() -> end(job, fails), random.nextInt(100), TimeUnit.MILLISECONDS);
        }
      }
      awaitSettled(running);
      source.close();
    }

    private void end(LeasedJob job, boolean fails) {
      Outcome outcome =
          fails
              ? new Outcome.Retry(Duration.ZERO, new Failure("E", "", ""))
              : new Outcome.Succeeded(null);
      boolean lost = !source.settle(List.of(new Settlement(job.lease(), outcome))).isEmpty();
      if (!fails && !lost) {
        accepted.computeIfAbsent(job.id(), id -> new AtomicInteger()).incrementAndGet();
      }
      running.remove(job.lease());
    }

    private void awaitSettled(Collection<? extends Lease> leases) {
      while (leases.stream().anyMatch(running::contains)) {
        LockSupport.parkNanos(1_000_000);
      }
    }

    @Override
    public void revoked(Collection<? extends Lease> leases, Duration drain) {
      if (!drain.isZero()) {
        awaitSettled(List.copyOf(leases));
      }
    }

    @Override
    public void cancelRequested(Collection<? extends Lease> leases) {
      throw new AssertionError("Kafka cancels nothing");
    }
  }

  @Test
  void nothingIsLostOrAcceptedTwiceWhileMembersComeAndGo() throws Exception {
    BackendReport.used(KafkaChurnTest.class, KafkaBroker.version(), BackendReport.REAL);
    ScheduledExecutorService workers = Executors.newScheduledThreadPool(8);
    ExecutorService members = Executors.newFixedThreadPool(MEMBERS);
    try (KafkaRig rig = new KafkaRig(6)) {
      List<NewJob> jobs = rig.publish(JOBS);
      List<Future<?>> running = new ArrayList<>();
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      for (int i = 0; i < MEMBERS; i++) {
        Random random = new Random(seed + i);
        running.add(
            members.submit(
                () -> {
                  while (accepted.size() < JOBS && System.nanoTime() < end) {
                    Duration life = Duration.ofMillis(300 + random.nextInt(700));
                    new Member(rig, workers, random.nextLong()).live(life);
                  }
                  return null;
                }));
      }
      for (Future<?> member : running) {
        member.get(90, TimeUnit.SECONDS);
      }

      String run = "seed " + seed + ", " + lives + " lives";
      assertThat(jobs.stream().map(NewJob::id).filter(id -> !accepted.containsKey(id)))
          .as("lost, %s", run)
          .isEmpty();
      assertThat(accepted.entrySet().stream().filter(e -> e.getValue().get() > 1).limit(5))
          .as("accepted twice, %s", run)
          .isEmpty();
      assertThat(rig.committed()).as(run).isEqualTo(JOBS);
      assertThat(lives).as("members that came and went").hasValueGreaterThan(2 * MEMBERS);
    } finally {
      members.shutdownNow();
      workers.shutdownNow();
    }
  }
}
