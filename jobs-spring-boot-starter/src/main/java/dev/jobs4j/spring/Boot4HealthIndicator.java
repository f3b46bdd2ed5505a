package dev.jobs4j.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** {@link WorkerHealth} under Spring Boot 4; the same as {@link Boot3HealthIndicator}. */
final class Boot4HealthIndicator implements HealthIndicator {

  private final CurrentJobs jobs;

  Boot4HealthIndicator(CurrentJobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Health health() {
    WorkerHealth health = WorkerHealth.of(jobs);
    return Health.status(health.status()).withDetails(health.details()).build();
  }
}
