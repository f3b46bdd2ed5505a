package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.FairShare;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits hold over all nodes, and a fair queue lets no tenant wait for another's backlog. */
abstract class LimitRunCases extends EngineCases {

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final Queue<String> ran = new ConcurrentLinkedQueue<>();
  private String limit = "";
  private JobType<String> type = JobType.of("none", String.class);

  @BeforeEach
  void newNames() {
    limit = "limit-" + queue.name();
    type = JobType.of("limited-" + queue.name(), String.class);
  }

  private JobsBuilder worker() {
    return node()
        .handler(
            type,
            (payload, context) -> {
              mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.sleep(5);
              running.decrementAndGet();
              ran.add(payload);
              return null;
            },
            handled());
  }

  private JobRequest<String> request(String payload) {
    return type.request(payload).queue(queue.name());
  }

  @Test
  void noMoreRunAtOnceOverAllNodesThanALimitLets() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    Jobs jobs = start(worker().limits(JobLimit.running(limit, 2)));
    start(worker());
    List<JobRequest<String>> requests = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      requests.add(request("job " + i).limit(limit, "dhl"));
    }
    jobs.enqueueAll(requests);

    Eventually.until("all have run", () -> ran.size() == 40);
    assertThat(mostAtOnce.get()).isBetween(1, 2);
  }

  @Test
  void aRateIsKeptOverAllNodesAndNobodyWaitsForThePoll() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    Jobs jobs = start(worker().limits(JobLimit.rate(limit, 40, Duration.ofSeconds(1)).burst(2)));
    start(worker());
    long begin = System.nanoTime();
    List<JobRequest<String>> requests = new ArrayList<>();
    for (int i = 0; i < 42; i++) {
      requests.add(request("job " + i).limit(limit));
    }
    jobs.enqueueAll(requests);

    Eventually.until("all have run", () -> ran.size() == 42);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(990));
  }

  @Test
  void theEndOfAJobLetsTheNextOneStartWithoutAPoll() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    Jobs jobs =
        start(
            worker()
                .options(options().pollInterval(Duration.ofSeconds(30)).build())
                .limits(JobLimit.running(limit, 1)));
    List<JobRequest<String>> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      requests.add(request("job " + i).limit(limit));
    }
    jobs.enqueueAll(requests);

    Eventually.until("all have run", () -> ran.size() == 8);
  }

  @Test
  void aSmallTenantDoesNotWaitForALargeOne() {
    assumeTrue(can(Capability.FAIR_SHARE), "shares nothing");
    Jobs jobs = enqueueOnly();
    List<JobRequest<String>> requests = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      requests.add(request("big").tenant("big"));
    }
    for (int i = 0; i < 10; i++) {
      requests.add(request("small").tenant("small"));
    }
    jobs.enqueueAll(requests);
    start(worker().queue(queue.name(), WorkerOptions.of(2).fairShare(FairShare.equal())));

    Eventually.until("all have run", () -> ran.size() == 70);
    assertThat(List.copyOf(ran).subList(0, 25)).filteredOn("small"::equals).hasSize(10);
  }

  @Test
  void aLimitThatNobodyHasDefinedIsRefused() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    Jobs jobs = enqueueOnly();

    assertThatThrownBy(() -> jobs.enqueue(request("never").limit(limit, "dhl")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("limit \"" + limit + "\" is not known to the store of queue " + queue)
        .hasMessageContaining("limits(..) of the builder");
    jobs.limits().define(JobLimit.running(limit, 1));
    jobs.enqueue(request("now").limit(limit, "dhl"));
    assertThat(jobs.limits().list()).contains(JobLimit.running(limit, 1));
  }

  /** Held by nothing it would run as if there had been no limit at all. */
  @Test
  void aLimitThatWasRemovedIsRefusedAgain() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    Jobs jobs = enqueueOnly();
    jobs.limits().define(JobLimit.running(limit, 1));
    jobs.enqueue(request("before").limit(limit, "dhl"));

    jobs.limits().remove(limit);
    assertThatThrownBy(() -> jobs.enqueue(request("after").limit(limit, "dhl")))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("limit \"" + limit + "\" is not known");
  }

  @Test
  void whereThereAreNoLimitsOneIsRefused() {
    assumeTrue(!can(Capability.LIMITS), "keeps limits");
    Jobs jobs = enqueueOnly();

    assertThatThrownBy(() -> jobs.enqueue(request("never").limit(limit)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("cannot do limit")
        .hasMessageContaining("in a store which can");
    assertThatThrownBy(() -> start(worker().limits(JobLimit.running(limit, 1))))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("needs a store that keeps limits");
  }

  @Test
  void whereThereAreNoTurnsAFairShareIsRefused() {
    assumeTrue(!can(Capability.FAIR_SHARE), "shares fairly");

    assertThatThrownBy(
            () ->
                start(
                    worker().queue(queue.name(), WorkerOptions.of(1).fairShare(FairShare.equal()))))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("cannot share its starts among tenants")
        .hasMessageContaining("leave fairShare out");
  }
}
