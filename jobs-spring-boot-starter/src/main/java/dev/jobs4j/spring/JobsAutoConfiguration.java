package dev.jobs4j.spring;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.api.schedule.Schedules;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.archive.JsonLinesArchive;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Gives an application a {@link JobClient} and runs the {@code @JobHandler} methods of its beans.
 * Each bean backs off for one of the application's own. {@code jobs.enabled=false} leaves
 * everything out, as a {@link Jobs} bean of its own does; {@code jobs.worker.enabled=false} only
 * the running.
 *
 * <p>{@link Pauses}, {@link JobLimits} and {@link Schedules} are beans too, usable before the
 * engine starts and after it stopped, as the client is. Their calls join no transaction; without a
 * store they refuse what needs one.
 *
 * <p>Beans of the types that a {@code JobsBuilder} takes are given to it: codecs, checks,
 * interceptors, listeners and limits in their {@code @Order}; one archive, one {@code KeyProvider}
 * or {@code EncryptionOptions}; and where jobs are run, {@code RecurringJob} and {@code
 * DeadLetterHandling}.
 *
 * <p>Types that Boot 4 moved are named by strings, both names each; those that are not on the class
 * path are ignored.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
    })
@ConditionalOnBooleanProperty(name = "jobs.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(Jobs.class)
@EnableConfigurationProperties(JobsProperties.class)
public class JobsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  EngineOptions jobsEngineOptions(JobsProperties properties) {
    return properties.engineOptions();
  }

  @Bean
  @ConditionalOnMissingBean
  HandlerBeans jobsHandlerBeans(ConfigurableListableBeanFactory beans) {
    return new HandlerBeans(beans);
  }

  @Bean
  @ConditionalOnMissingBean
  CurrentJobs jobsCurrent(
      JobsProperties properties,
      EngineOptions options,
      HandlerBeans handlers,
      Environment environment,
      ListableBeanFactory beans,
      ObjectProvider<JobStore> stores,
      ObjectProvider<JobTransport> transports,
      ObjectProvider<JobsBuilderCustomizer> customizers) {
    Backends backends = Backends.of(stores, transports);
    BuilderBeans parts = new BuilderBeans(beans);
    boolean virtualThreads = virtualThreads(environment);
    return new CurrentJobs(
        () -> {
          JobsBuilder builder = Jobs.builder().options(options);
          backends.addTo(builder);
          parts.addTo(builder);
          builder.workers(properties.workerOptions(virtualThreads));
          properties.queueOptions(virtualThreads).forEach(builder::queue);
          customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
          return builder;
        },
        parts::addLimitsTo,
        builder -> {
          handlers.addTo(builder);
          parts.addWorkTo(builder);
          if (properties.schedules() != null) {
            BuilderBeans.addSchedules(properties.schedules(), builder);
          }
        });
  }

  @Bean
  @ConditionalOnProperty("jobs.archive.folder")
  @ConditionalOnBooleanProperty(name = "jobs.worker.enabled", matchIfMissing = true)
  @ConditionalOnMissingBean(JobArchive.class)
  JsonLinesArchive jobsArchive(JobsProperties properties) {
    return properties.openArchive();
  }

  @Bean
  @ConditionalOnMissingBean(JobClient.class)
  SpringJobClient jobsClient(
      CurrentJobs jobs,
      HandlerBeans handlers,
      JobsProperties properties,
      ObjectProvider<EnqueueTransactions> transactions) {
    return new SpringJobClient(
        jobs,
        handlers,
        transactions.getIfAvailable(
            () -> EnqueueTransactions.of(properties.enqueue().transaction())));
  }

  @Bean
  @ConditionalOnMissingBean(Pauses.class)
  SpringPauses jobsPauses(CurrentJobs jobs) {
    return new SpringPauses(jobs);
  }

  @Bean
  @ConditionalOnMissingBean(JobLimits.class)
  SpringJobLimits jobsLimits(CurrentJobs jobs) {
    return new SpringJobLimits(jobs);
  }

  @Bean
  @ConditionalOnMissingBean(Schedules.class)
  SpringSchedules jobsSchedules(CurrentJobs jobs, HandlerBeans handlers) {
    return new SpringSchedules(jobs, handlers);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "jobs.worker.enabled", matchIfMissing = true)
  @ConditionalOnMissingBean
  JobsLifecycle jobsLifecycle(
      CurrentJobs jobs, JobsProperties properties, Environment environment) {
    Duration phase =
        Binder.get(environment)
            .bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
            .orElse(Duration.ofSeconds(30));
    return new JobsLifecycle(jobs, properties.worker(), phase);
  }

  /** As {@code Threading.VIRTUAL} of Boot, a type that moved. */
  private static boolean virtualThreads(Environment environment) {
    return Runtime.version().feature() >= 21
        && environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
  }

  /** Nobody asks for the bean that runs jobs. {@code HandlerBeans} Boot itself leaves eager. */
  @Bean
  @ConditionalOnMissingBean(name = "jobsLazyInitializationExcludeFilter")
  static LazyInitializationExcludeFilter jobsLazyInitializationExcludeFilter() {
    return LazyInitializationExcludeFilter.forBeanTypes(JobsLifecycle.class);
  }

  /** Where jobs are kept and moved. */
  private record Backends(List<JobStore> stores, List<JobTransport> transports) {

    static Backends of(ObjectProvider<JobStore> stores, ObjectProvider<JobTransport> transports) {
      JobStore store = stores.getIfUnique();
      Backends backends =
          new Backends(
              store == null ? List.of() : List.of(store), transports.orderedStream().toList());
      long others = store == null ? stores.stream().count() : 0;
      if (others > 1) {
        throw new JobsSetupException(
            "There are " + others + " JobStore beans, and none of them is primary.",
            "Mark the one to use @Primary.");
      }
      if (backends.stores.isEmpty() && backends.transports.isEmpty()) {
        throw new JobsSetupException(
            "There is nothing to keep jobs in: neither a JobStore nor a JobTransport bean.",
            "Add dev.jobs4j:jobs-store-jdbc and set spring.datasource.url, or define a JobStore"
                + " bean, or set jobs.enabled=false.");
      }
      return backends;
    }

    void addTo(JobsBuilder builder) {
      stores.forEach(builder::store);
      transports.forEach(builder::transport);
    }
  }
}
