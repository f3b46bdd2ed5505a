package dev.jobs4j.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The entry {@code jobs} of the health endpoint. Apart from {@link JobsAutoConfiguration}, whose
 * beans must be known when this is decided; twice, since Boot 4 moved the types.
 */
@AutoConfiguration(
    after = JobsAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration",
      "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration"
    })
@ConditionalOnBean(JobsLifecycle.class)
public class JobsHealthAutoConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.actuate.health.HealthIndicator",
        "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
      })
  static class Boot3 {

    @Bean
    @ConditionalOnMissingBean(name = "jobsHealthIndicator")
    @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
        "jobs")
    Boot3HealthIndicator jobsHealthIndicator(CurrentJobs jobsCurrent) {
      return new Boot3HealthIndicator(jobsCurrent);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name =
          "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator")
  static class Boot4 {

    @Bean
    @ConditionalOnMissingBean(name = "jobsHealthIndicator")
    @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
        "jobs")
    Boot4HealthIndicator jobsHealthIndicator(CurrentJobs jobsCurrent) {
      return new Boot4HealthIndicator(jobsCurrent);
    }
  }
}
