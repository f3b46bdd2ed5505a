package dev.jobs4j.spring;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.api.schedule.ScheduleStatus;
import dev.jobs4j.api.schedule.Schedules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The recurring jobs that an application injects: those of the {@code Jobs} of the moment, saved
 * into the queues of its handlers.
 */
final class SpringSchedules implements Schedules {

  private final CurrentJobs jobs;
  private final HandlerBeans handlers;

  SpringSchedules(CurrentJobs jobs, HandlerBeans handlers) {
    this.jobs = jobs;
    this.handlers = handlers;
  }

  @Override
  public void save(RecurringJob<?> job) {
    jobs.get().schedules().save(routed(job));
  }

  private <P> RecurringJob<P> routed(RecurringJob<P> job) {
    return job.request(handlers.routed(job.request()));
  }

  @Override
  public Optional<ScheduleStatus> find(String name) {
    return jobs.get().schedules().find(name);
  }

  @Override
  public List<ScheduleStatus> list(@Nullable String after, int limit) {
    return jobs.get().schedules().list(after, limit);
  }

  @Override
  public List<Instant> preview(String name, int n) {
    return jobs.get().schedules().preview(name, n);
  }

  @Override
  public void pause(String name, SchedulePause pause) {
    jobs.get().schedules().pause(name, pause);
  }

  @Override
  public boolean resume(String name) {
    return jobs.get().schedules().resume(name);
  }

  @Override
  public Enqueued runNow(String name) {
    return jobs.get().schedules().runNow(name);
  }

  @Override
  public boolean delete(String name) {
    return jobs.get().schedules().delete(name);
  }
}
