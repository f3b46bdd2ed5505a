package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.core.EngineHealth;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;
import org.springframework.core.SpringVersion;

/** What operators see. */
class ActuatorTest {

  /** The indicators of the two lines share no type, so they are looked at by name. */
  private static String health(ApplicationContext context) throws Exception {
    Object indicator = context.getBean("jobsHealthIndicator");
    var method = indicator.getClass().getDeclaredMethod("health");
    method.setAccessible(true);
    return method.invoke(indicator).toString();
  }

  @Test
  void theTestsRunOnTheLineOfBootThatTheySay() {
    String boot = System.getProperty("jobs.test.boot", "3.5.16");
    assertThat(org.springframework.boot.SpringBootVersion.getVersion()).isEqualTo(boot);
    assertThat(SpringVersion.getVersion()).startsWith(boot.startsWith("3") ? "6." : "7.");
    Starter.inMemory()
        .withBean(Greeter.class)
        .run(
            context ->
                assertThat(context.getBean("jobsHealthIndicator").getClass().getSimpleName())
                    .isEqualTo("Boot" + boot.charAt(0) + "HealthIndicator"));
  }

  @Test
  void healthIsUpWhileTheEngineRunsAndOutOfServiceAfter() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .run(
            context -> {
              Starter.await(() -> context.getBean(CurrentJobs.class).health().get().isUp());
              assertThat(health(context)).startsWith("UP").contains("worker=running");
              context.getBean(JobsLifecycle.class).stop();
              assertThat(health(context)).startsWith("OUT_OF_SERVICE").contains("worker=stopped");
              context.getBean(JobsLifecycle.class).start();
              assertThat(health(context)).startsWith("UP");
            });
  }

  @Test
  void healthIsUnknownBeforeTheFirstStart() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withPropertyValues("jobs.worker.auto-startup=false")
        .run(context -> assertThat(health(context)).startsWith("UNKNOWN"));
  }

  @Test
  void troublesAreDownAndNamed() {
    WorkerHealth health =
        WorkerHealth.of(new EngineHealth(true, List.of("Claim: connection refused"), 1));
    assertThat(health.status()).isEqualTo("DOWN");
    assertThat(health.details())
        .isEqualTo(
            Map.of(
                "worker",
                "running",
                "troubles",
                List.of("Claim: connection refused"),
                "leakedSlots",
                1));
  }

  @Test
  void theHealthIndicatorCanBeSwitchedOffAsAnyOther() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withPropertyValues("management.health.jobs.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("jobsHealthIndicator"));
    Starter.inMemory()
        .withBean(Greeter.class)
        .withPropertyValues("management.health.defaults.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("jobsHealthIndicator"));
  }

  @Test
  void metersGoToTheApplicationsRegistry() {
    Starter.inMemory()
        .withBean(Greeter.class)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              Enqueued job = client.enqueue(Greeter.GREET, new Greeter.Greeting("ann", 0));
              Starter.awaitState(client, job.id(), JobState.SUCCEEDED);
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              Starter.await(() -> registry.find("jobs.process").timer() != null);
              assertThat(registry.get("jobs.process").tag("outcome", "succeeded").timer().count())
                  .isOne();
              assertThat(registry.get("jobs.enqueued").tag("type", "greet").counter().count())
                  .isOne();
            });
  }

  @Test
  void listenersAndCustomizersOfTheApplicationAreUsed() {
    List<String> events = new CopyOnWriteArrayList<>();
    Starter.inMemory()
        .withBean(Greeter.class)
        .withBean("one", JobListener.class, () -> e -> events.add(e.getClass().getSimpleName()))
        .withBean(
            "two",
            JobsBuilderCustomizer.class,
            () -> builder -> builder.listener(e -> events.add("customized")))
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              Enqueued job = client.enqueue(Greeter.GREET, new Greeter.Greeting("ann", 0));
              Starter.awaitState(client, job.id(), JobState.SUCCEEDED);
              Starter.await(() -> events.contains("Succeeded"));
              assertThat(events).contains("Enqueued", "Started", "Succeeded", "customized");
            });
  }
}
