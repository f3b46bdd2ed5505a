package dev.jobs4j.spring;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobInterceptor;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.core.DeadLetterHandling;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.EncryptionOptions;
import dev.jobs4j.core.yaml.SchedulesFile;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.KeyProvider;
import dev.jobs4j.spi.PayloadCheck;
import dev.jobs4j.spi.PayloadCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.io.Resource;

/** Gives a builder the beans of its parts: those it takes many of in their {@code @Order}. */
final class BuilderBeans {

  private final ListableBeanFactory beans;

  BuilderBeans(ListableBeanFactory beans) {
    this.beans = beans;
  }

  /** What enqueueing takes, and with it running. */
  void addTo(JobsBuilder builder) {
    each(PayloadCodec.class, builder::codec);
    each(PayloadCheck.class, builder::check);
    each(JobInterceptor.class, builder::interceptor);
    each(JobListener.class, builder::listener);
    one(JobArchive.class).ifPresent(builder::archive);
    one(EncryptionOptions.class)
        .or(() -> one(KeyProvider.class).map(EncryptionOptions::with))
        .ifPresent(builder::encryption);
    beans.getBeanProvider(MeterRegistry.class).ifUnique(builder::meterRegistry);
  }

  /** What a start keeps in the store, in place of what was changed there. */
  void addLimitsTo(JobsBuilder builder) {
    each(JobLimit.class, builder::limits);
  }

  /** What only a node declares that runs jobs: it alone knows their queues. */
  void addWorkTo(JobsBuilder builder) {
    each(DeadLetterHandling.class, builder::deadLetters);
    each(RecurringJob.class, builder::recurring);
  }

  /** The recurring jobs of a file. */
  static void addSchedules(Resource file, JobsBuilder builder) {
    try (Reader reader = new InputStreamReader(file.getInputStream(), StandardCharsets.UTF_8)) {
      SchedulesFile.read(reader, file.getDescription()).forEach(builder::recurring);
    } catch (IOException | InvalidJobException e) {
      throw new JobsSetupException(
          "Below jobs.schedules: " + e.getMessage(), "Change that property, or the file.", e);
    }
  }

  private <T> void each(Class<T> type, Consumer<? super T> given) {
    beans.getBeanProvider(type).orderedStream().forEach(given);
  }

  /** Several without a primary one are refused: none of them is the one that was left out. */
  private <T> Optional<T> one(Class<T> type) {
    ObjectProvider<T> provider = beans.getBeanProvider(type);
    T only = provider.getIfUnique();
    if (only == null && provider.stream().findAny().isPresent()) {
      throw new JobsSetupException(
          "There are several " + type.getSimpleName() + " beans, and none of them is primary.",
          "Mark the one to use @Primary.");
    }
    return Optional.ofNullable(only);
  }
}
