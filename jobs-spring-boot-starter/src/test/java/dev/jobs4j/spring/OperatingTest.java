package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.api.schedule.ScheduleStatus;
import dev.jobs4j.api.schedule.Schedules;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.support.TransactionTemplate;

/** Pauses, limits and recurring jobs by beans, while the engine runs and while it does not. */
class OperatingTest {

  private static final Operator ADA = new Operator("ada", "test");
  private static final JobType<String> WORK = JobType.of("work", String.class);

  /** Nothing is found by polling: what runs was told of. */
  private static final ApplicationContextRunner seldom =
      Starter.inMemory().withBean(Greeter.class).withPropertyValues("jobs.poll-interval=1h");

  private static final ApplicationContextRunner startedByHand =
      seldom.withPropertyValues("jobs.worker.auto-startup=false");

  private static JobRequest<Greeter.Greeting> ann() {
    return Greeter.GREET.request(new Greeter.Greeting("ann", 0));
  }

  private static <P> RecurringJob<P> nightly(JobRequest<P> request) {
    return RecurringJob.of("nightly", Schedule.parse("0 3 * * *", "UTC"), request);
  }

  @Test
  void aPauseMadeBeforeTheStartHoldsAndAResumeWakesTheEngine() {
    startedByHand.run(
        context -> {
          Pauses pauses = context.getBean(Pauses.class);
          pauses.pause(Pause.tenant("acme"), ADA);
          JobClient client = context.getBean(JobClient.class);
          JobId held = client.enqueue(ann().tenant("acme")).id();
          context.getBean(JobsLifecycle.class).start();
          Starter.awaitState(client, client.enqueue(ann()).id(), JobState.SUCCEEDED);
          assertThat(client.find(held).orElseThrow().state()).isEqualTo(JobState.PENDING);
          assertThat(pauses.resume(Pause.tenant("acme"))).isTrue();
          assertThat(pauses.resume(Pause.tenant("acme"))).isFalse();
          Starter.awaitState(client, held, JobState.SUCCEEDED);
        });
  }

  @Test
  void aPauseMadeAfterTheStopIsThereAtTheNextStart() {
    seldom.run(
        context -> {
          Pauses pauses = context.getBean(Pauses.class);
          JobsLifecycle lifecycle = context.getBean(JobsLifecycle.class);
          lifecycle.stop();
          pauses.pause(Pause.type("greet"), ADA);
          lifecycle.start();
          assertThat(pauses.list())
              .singleElement()
              .satisfies(pause -> assertThat(pause.target()).isEqualTo(Pause.type("greet")))
              .satisfies(pause -> assertThat(pause.by()).isEqualTo(ADA));
        });
  }

  @Test
  void limitsChangeBeforeTheStartWhileItRunsAndAfterTheStop() {
    startedByHand.run(
        context -> {
          JobLimits limits = context.getBean(JobLimits.class);
          JobsLifecycle lifecycle = context.getBean(JobsLifecycle.class);
          limits.define(JobLimit.running("carrier", 4));
          limits.define(JobLimit.running("tenant", 1));
          lifecycle.start();
          limits.define(JobLimit.running("carrier", 8));
          assertThat(limits.list())
              .containsExactly(JobLimit.running("carrier", 8), JobLimit.running("tenant", 1));
          lifecycle.stop();
          assertThat(limits.remove("tenant")).isTrue();
          assertThat(limits.remove("tenant")).isFalse();
          assertThat(limits.list()).containsExactly(JobLimit.running("carrier", 8));
          context.getBean(JobClient.class).enqueue(ann().limit("carrier", "dhl"));
          LimitKey dhl = new LimitKey("carrier", "dhl");
          assertThat(limits.use(dhl)).isEqualTo(new LimitUse(dhl, 0, 0));
        });
  }

  @Test
  void aLimitChangedAtRunTimeOutlivesTheStopOfItsEngine() {
    seldom
        .withBean(JobLimit.class, () -> JobLimit.running("carrier", 4))
        .run(
            context -> {
              JobLimits limits = context.getBean(JobLimits.class);
              assertThat(limits.list()).containsExactly(JobLimit.running("carrier", 4));
              limits.define(JobLimit.running("carrier", 8));
              context.getBean(JobsLifecycle.class).stop();
              context.getBean(JobClient.class).enqueue(ann());
              assertThat(limits.list()).containsExactly(JobLimit.running("carrier", 8));
            });
  }

  private static JobQueue saved(ApplicationContext context, RecurringJob<?> job) {
    Schedules schedules = context.getBean(Schedules.class);
    schedules.save(job);
    return schedules.find(job.name()).map(ScheduleStatus::queue).orElseThrow();
  }

  private static void savesIntoTheQueueOfTheHandler(ApplicationContext context) {
    JobQueue greetings = JobQueue.of("greetings");
    JobType<Greeter.Greeting> alias = JobType.of("salute", Greeter.Greeting.class);
    Greeter.Greeting ann = new Greeter.Greeting("ann", 0);
    assertThat(saved(context, nightly(ann()))).isEqualTo(greetings);
    assertThat(saved(context, nightly(alias.request(ann)))).isEqualTo(greetings);
    assertThat(saved(context, nightly(ann().queue("others")))).isEqualTo(JobQueue.of("others"));
    assertThat(saved(context, nightly(alias.onQueue("mine").request(ann))))
        .isEqualTo(JobQueue.of("mine"));
    assertThat(saved(context, nightly(WORK.request("x")))).isEqualTo(JobQueue.DEFAULT);
  }

  @Test
  void aRecurringJobIsSavedIntoTheQueueOfItsHandlerWhetherTheEngineRunsOrNot() {
    startedByHand.run(
        context -> {
          savesIntoTheQueueOfTheHandler(context);
          JobsLifecycle lifecycle = context.getBean(JobsLifecycle.class);
          lifecycle.start();
          savesIntoTheQueueOfTheHandler(context);
          lifecycle.stop();
          savesIntoTheQueueOfTheHandler(context);
        });
  }

  @Test
  void aNodeThatRunsNothingSavesIntoTheQueueOfTheHandlerToo() {
    seldom
        .withPropertyValues("jobs.worker.enabled=false")
        .run(OperatingTest::savesIntoTheQueueOfTheHandler);
  }

  @Test
  void whatElseARecurringJobSaysIsSaved() {
    startedByHand.run(
        context -> {
          Schedules schedules = context.getBean(Schedules.class);
          schedules.save(
              nightly(ann())
                  .misfire(Misfire.runAll(7))
                  .overlap(Overlap.QUEUE)
                  .jitter(Duration.ofMinutes(5))
                  .description("says hello"));
          ScheduleStatus status = schedules.find("nightly").orElseThrow();
          assertThat(status.spec()).isEqualTo("0 3 * * *");
          assertThat(status.misfire()).isEqualTo(Misfire.runAll(7).spec());
          assertThat(status.overlap()).isEqualTo("QUEUE");
          assertThat(status.jitter()).isEqualTo(Duration.ofMinutes(5));
          assertThat(status.description()).contains("says hello");
          assertThat(status.inCode()).isFalse();
        });
  }

  @Test
  void recurringJobsAreManaged() {
    startedByHand.run(
        context -> {
          Schedules schedules = context.getBean(Schedules.class);
          schedules.save(nightly(ann()));
          assertThat(schedules.list(null, 10)).extracting(one -> one.name()).contains("nightly");
          assertThat(schedules.list("nightly", 10)).isEmpty();
          assertThat(schedules.preview("nightly", 3)).hasSize(3).isSorted();
          schedules.pause("nightly", SchedulePause.of("ada", "test"));
          assertThat(schedules.find("nightly").orElseThrow().pause())
              .contains(SchedulePause.of("ada", "test"));
          assertThat(schedules.resume("nightly")).isTrue();
          assertThat(schedules.resume("nightly")).isFalse();
          assertThat(schedules.delete("nightly")).isTrue();
          assertThat(schedules.delete("nightly")).isFalse();
          assertThatThrownBy(() -> schedules.preview("nightly", 3))
              .isInstanceOf(InvalidJobException.class)
              .hasMessageContaining("no recurring job \"nightly\"");
        });
  }

  @Test
  void aRecurringJobIsRunNow() {
    startedByHand.run(
        context -> {
          Schedules schedules = context.getBean(Schedules.class);
          JobClient client = context.getBean(JobClient.class);
          schedules.save(nightly(ann()).overlap(Overlap.ALLOW));
          JobId before = schedules.runNow("nightly").id();
          assertThat(client.find(before).orElseThrow().state()).isEqualTo(JobState.PENDING);
          context.getBean(JobsLifecycle.class).start();
          Starter.awaitState(client, before, JobState.SUCCEEDED);
          Starter.awaitState(client, schedules.runNow("nightly").id(), JobState.SUCCEEDED);
        });
  }

  /** Pauses what it hears of, and is heard by what it pauses. */
  record Careful(Pauses pauses, JobLimits limits, Schedules schedules) implements JobListener {

    @JobHandler(type = "work")
    void work(String what) {
      limits.define(JobLimit.running(what, 1));
      schedules.save(nightly(WORK.request(what)));
    }

    @Override
    public void on(JobEvent event) {
      if (event instanceof JobEvent.Succeeded) {
        pauses.pause(Pause.type("work"), ADA);
      }
    }
  }

  @Test
  void handlersAndListenersUseThem() {
    Starter.inDatabase()
        .withBean(Careful.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              JobClient client = context.getBean(JobClient.class);
              Starter.awaitState(client, client.enqueue(WORK, "x").id(), JobState.SUCCEEDED);
              Pauses pauses = context.getBean(Pauses.class);
              Starter.await(() -> !pauses.list().isEmpty());
              assertThat(pauses.list())
                  .extracting(Pause::target)
                  .containsExactly(Pause.type("work"));
              assertThat(context.getBean(JobLimits.class).list())
                  .containsExactly(JobLimit.running("x", 1));
              assertThat(context.getBean(Schedules.class).find("nightly")).isPresent();
            });
  }

  @Test
  void theirCallsJoinNoTransaction() {
    Starter.inDatabase()
        .run(
            context -> {
              Schedules schedules = context.getBean(Schedules.class);
              context
                  .getBean(TransactionTemplate.class)
                  .executeWithoutResult(
                      transaction -> {
                        context.getBean(Pauses.class).pause(Pause.queue("default"), ADA);
                        context.getBean(JobLimits.class).define(JobLimit.running("carrier", 4));
                        schedules.save(nightly(WORK.request("x")));
                        schedules.runNow("nightly");
                        transaction.setRollbackOnly();
                      });
              assertThat(context.getBean(Pauses.class).list()).hasSize(1);
              assertThat(context.getBean(JobLimits.class).list()).hasSize(1);
              assertThat(schedules.list(null, 10)).hasSize(1);
            });
  }

  @Test
  void withoutAStoreTheyRefuseWhatNeedsOne() {
    Starter.onBroker()
        .withBean(Greeter.class)
        .withPropertyValues("jobs.worker.enabled=false")
        .run(
            context -> {
              Pauses pauses = context.getBean(Pauses.class);
              assertThat(pauses.list()).isEmpty();
              for (Pause.Target target : List.of(Pause.queue("greetings"), Pause.tenant("acme"))) {
                assertThatThrownBy(() -> pauses.pause(target, ADA))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageContaining(target + " cannot be paused")
                    .hasMessageContaining("put its jobs into a store that can pause");
              }
              JobLimits limits = context.getBean(JobLimits.class);
              assertThat(limits.list()).isEmpty();
              assertThatThrownBy(() -> limits.define(JobLimit.running("carrier", 4)))
                  .isInstanceOf(InvalidJobException.class)
                  .hasMessageContaining("\"carrier\" needs a store that keeps limits");
              Schedules schedules = context.getBean(Schedules.class);
              assertThat(schedules.list(null, 10)).isEmpty();
              assertThatThrownBy(() -> schedules.save(nightly(ann())))
                  .isInstanceOf(InvalidJobException.class)
                  .hasMessageContaining("is for queue greetings, whose backend keeps no recurring");
            });
  }
}
