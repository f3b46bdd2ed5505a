package dev.jobs4j.spring;

import dev.jobs4j.api.JobLimit;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.LimitUse;
import java.util.List;

/** The limits that an application injects: those of the {@code Jobs} of the moment. */
final class SpringJobLimits implements JobLimits {

  private final CurrentJobs jobs;

  SpringJobLimits(CurrentJobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public void define(JobLimit limit) {
    jobs.get().limits().define(limit);
  }

  @Override
  public boolean remove(String name) {
    return jobs.get().limits().remove(name);
  }

  @Override
  public List<JobLimit> list() {
    return jobs.get().limits().list();
  }

  @Override
  public LimitUse use(LimitKey key) {
    return jobs.get().limits().use(key);
  }
}
