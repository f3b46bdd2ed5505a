package dev.jobs4j.spring;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** {@link WorkerHealth} under Spring Boot 3; the same as {@link Boot4HealthIndicator}. */
final class Boot3HealthIndicator implements HealthIndicator {

  private final CurrentJobs jobs;

  Boot3HealthIndicator(CurrentJobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Health health() {
    WorkerHealth health = WorkerHealth.of(jobs);
    return Health.status(health.status()).withDetails(health.details()).build();
  }
}
