package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.schedule.Schedules;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Each bean is there, under our own name, and gives way to one of the application. */
class BackOffTest {

  private final ApplicationContextRunner runner = Starter.inDatabase().withBean(Greeter.class);

  private static List<String> ours(ApplicationContext context) {
    return Arrays.stream(context.getBeanDefinitionNames())
        .filter(name -> !name.startsWith("dev.jobs4j") && !name.startsWith("org.springframework"))
        .filter(name -> !name.startsWith("jobs.")) // properties
        .filter(
            name ->
                context.getType(name) != null
                    && context.getType(name).getName().startsWith("dev.jobs4j")
                    && !name.equals("greeter"))
        .sorted()
        .toList();
  }

  @Test
  void everyBeanHasANameOfOurs() {
    runner.run(
        context ->
            assertThat(ours(context))
                .contains(
                    "jobsClient",
                    "jobsCommitWatch",
                    "jobsCurrent",
                    "jobsEngineOptions",
                    "jobsEnqueueTransactions",
                    "jobsHandlerBeans",
                    "jobsHealthIndicator",
                    "jobsLifecycle",
                    "jobsLimits",
                    "jobsPauses",
                    "jobsSchedules",
                    "jobsStore")
                .allMatch(name -> name.startsWith("jobs") || name.startsWith("starter")));
  }

  @Test
  void theStoreGivesWay() {
    InMemoryJobStore own = InMemoryJobStore.create();
    runner
        .withBean("own", JobStore.class, () -> own)
        .run(
            context -> {
              assertThat(context).hasSingleBean(JobStore.class).doesNotHaveBean("jobsStore");
              assertThat(context.getBean(JobStore.class)).isSameAs(own);
            });
  }

  @Test
  void theClientGivesWay() {
    runner
        .withBean("own", JobClient.class, () -> Jobs.builder().store(memory()).enqueueOnly())
        .run(
            context -> {
              assertThat(context).hasSingleBean(JobClient.class).doesNotHaveBean("jobsClient");
              assertThat(context).hasBean("jobsLifecycle");
            });
  }

  @Test
  void thePausesGiveWay() {
    givesWay(Pauses.class, Jobs::pauses, "jobsPauses");
  }

  @Test
  void theLimitsGiveWay() {
    givesWay(JobLimits.class, Jobs::limits, "jobsLimits");
  }

  @Test
  void theSchedulesGiveWay() {
    givesWay(Schedules.class, Jobs::schedules, "jobsSchedules");
  }

  private <T> void givesWay(Class<T> type, Function<Jobs, T> part, String name) {
    T own = part.apply(Jobs.builder().store(memory()).enqueueOnly());
    runner
        .withBean("own", type, () -> own)
        .run(
            context -> {
              assertThat(context).hasSingleBean(type).doesNotHaveBean(name);
              assertThat(context.getBean(type)).isSameAs(own);
              assertThat(context).hasBean("jobsClient").hasBean("jobsLifecycle");
            });
  }

  @Test
  void allGivesWayToJobsThatTheApplicationBuilds() {
    runner
        .withBean("own", Jobs.class, () -> Jobs.builder().store(memory()).enqueueOnly())
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(JobClient.class)
                    .doesNotHaveBean("jobsClient")
                    .doesNotHaveBean("jobsCurrent")
                    .doesNotHaveBean("jobsLifecycle")
                    .doesNotHaveBean(Pauses.class)
                    .doesNotHaveBean(JobLimits.class)
                    .doesNotHaveBean(Schedules.class));
  }

  @Test
  void theOptionsGiveWay() {
    EngineOptions own = EngineOptions.builder().name("own").build();
    runner
        .withBean("own", EngineOptions.class, () -> own)
        .run(
            context -> {
              assertThat(context).hasSingleBean(EngineOptions.class);
              assertThat(context.getBean(EngineOptions.class)).isSameAs(own);
            });
  }

  @Test
  void theHandlerBeansGiveWay() {
    runner
        .withBean(
            "own", HandlerBeans.class, () -> new HandlerBeans(new DefaultListableBeanFactory()))
        .withPropertyValues("jobs.worker.enabled=false")
        .withBean("client", JobClient.class, () -> Jobs.builder().store(memory()).enqueueOnly())
        .run(
            context ->
                assertThat(context.getBeanFactory().containsBean("jobsHandlerBeans")).isFalse());
  }

  @Test
  void theCurrentJobsGiveWay() {
    runner
        .withBean("own", CurrentJobs.class, () -> new CurrentJobs(Jobs::builder, null, null))
        .withPropertyValues("jobs.worker.auto-startup=false")
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(CurrentJobs.class)
                    .doesNotHaveBean("jobsCurrent"));
  }

  @Test
  void theTransactionsGiveWay() {
    EnqueueTransactions own = EnqueueTransactions.none();
    runner
        .withBean("own", EnqueueTransactions.class, () -> own)
        .run(
            context -> {
              assertThat(context).hasSingleBean(EnqueueTransactions.class);
              assertThat(context.getBean(EnqueueTransactions.class)).isSameAs(own);
            });
  }

  @Test
  void theCommitWatchGivesWay() {
    runner
        .withBean("own", CommitWatch.class, CommitWatch::new)
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(CommitWatch.class)
                    .doesNotHaveBean("jobsCommitWatch"));
  }

  @Test
  void theLifecycleGivesWay() {
    runner
        .withBean(
            "own",
            JobsLifecycle.class,
            () ->
                new JobsLifecycle(
                    new CurrentJobs(Jobs::builder, null, null),
                    new JobsProperties.Worker(
                        true, false, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    Duration.ofSeconds(30)))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(JobsLifecycle.class)
                    .doesNotHaveBean("jobsLifecycle"));
  }

  @Test
  void theHealthIndicatorGivesWay() {
    runner
        .withBean("jobsHealthIndicator", String.class, () -> "own")
        .run(context -> assertThat(context.getBean("jobsHealthIndicator")).isEqualTo("own"));
  }

  @Test
  void theLazyFilterGivesWay() {
    runner
        .withBean(
            "jobsLazyInitializationExcludeFilter",
            LazyInitializationExcludeFilter.class,
            () -> LazyInitializationExcludeFilter.forBeanTypes(String.class))
        .run(context -> assertThat(context).hasSingleBean(LazyInitializationExcludeFilter.class));
  }

  @Test
  void disabledThereIsNoBeanOfOurs() {
    runner
        .withPropertyValues("jobs.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(JobClient.class)
                    .doesNotHaveBean(Pauses.class)
                    .doesNotHaveBean(JobLimits.class)
                    .doesNotHaveBean(Schedules.class)
                    .doesNotHaveBean(JobStore.class)
                    .doesNotHaveBean(JobsLifecycle.class)
                    .doesNotHaveBean(JobsProperties.class)
                    .doesNotHaveBean("jobsHealthIndicator"));
  }

  @Test
  void withoutTheWorkerThereIsOnlyTheClient() {
    runner
        .withPropertyValues("jobs.worker.enabled=false")
        .run(
            context -> {
              assertThat(context)
                  .hasSingleBean(JobClient.class)
                  .doesNotHaveBean(JobsLifecycle.class)
                  .doesNotHaveBean("jobsHealthIndicator");
              JobClient client = context.getBean(JobClient.class);
              for (String name : List.of("greet", "salute")) {
                var type = JobType.of(name, Greeter.Greeting.class);
                var id = client.enqueue(type, new Greeter.Greeting("ann", 0)).id();
                assertThat(client.find(id).orElseThrow().queue().name())
                    .as("the queue that the handler names for %s", name)
                    .isEqualTo("greetings");
              }
            });
  }

  @Test
  void aDataSourceIsTheStore() {
    runner.run(context -> assertThat(context).hasSingleBean(JdbcJobStore.class));
  }

  @Test
  void withoutTheJdbcStoreOnTheClassPathItsConfigurationIsLeftOut() {
    runner
        .withClassLoader(new FilteredClassLoader("dev.jobs4j.store.jdbc"))
        .withBean("own", JobStore.class, BackOffTest::memory)
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(JobClient.class)
                    .doesNotHaveBean("jobsEnqueueTransactions"));
  }

  @Test
  void withoutSpringJdbcOnTheClassPathItsConfigurationIsLeftOut() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withClassLoader(new FilteredClassLoader("org.springframework.jdbc"))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(JobClient.class)
                    .doesNotHaveBean("jobsEnqueueTransactions"));
  }

  @Test
  void withoutActuatorThereIsNoHealthIndicator() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.boot.actuate", "org.springframework.boot.health"))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(JobsLifecycle.class)
                    .doesNotHaveBean("jobsHealthIndicator"));
  }

  private static JobStore memory() {
    return InMemoryJobStore.create();
  }
}
