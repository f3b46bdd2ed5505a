package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.JobTransport;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the jobs of a queue go: a store or a transport, seen alike. */
public interface Backend {

  /** What it can do. */
  Set<Capability> capabilities();

  /** Stop 2: keeps the jobs; returns when they are durable. */
  List<Enqueued> insert(List<NewJob> jobs, Durability durability);

  /** Stop 2 in the caller's transaction. */
  List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction);

  /** Whether it has a limit of this name. */
  boolean knowsLimit(String name);

  /** What it can tell about single jobs, if it can. */
  Optional<JobRecords> records();

  /** To be called when a limit was removed here; one that another node removes is missed soon. */
  default void forgetLimits() {}

  /** A store as a backend. */
  static Backend of(JobStore store, Ticker ticker) {
    return new Backend() {
      private final KnownLimits limits = new KnownLimits(store, ticker);

      @Override
      public Set<Capability> capabilities() {
        return store.capabilities();
      }

      @Override
      public boolean knowsLimit(String name) {
        return limits.contains(name);
      }

      @Override
      public void forgetLimits() {
        limits.forget();
      }

      @Override
      public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
        return store.insert(jobs, durability);
      }

      @Override
      public List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction) {
        return store.insert(jobs, transaction);
      }

      @Override
      public Optional<JobRecords> records() {
        return Optional.of(store.records());
      }
    };
  }

  /** A transport as a backend. */
  static Backend of(JobTransport transport) {
    return new Backend() {
      @Override
      public Set<Capability> capabilities() {
        return transport.capabilities();
      }

      @Override
      public boolean knowsLimit(String name) {
        return false;
      }

      @Override
      public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
        transport.publish(jobs);
        return jobs.stream().<Enqueued>map(job -> new Enqueued.Created(job.id())).toList();
      }

      @Override
      public List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction) {
        throw new InvalidJobException(
            "queue " + jobs.get(0).queue() + " lives on a broker, which cannot join a transaction");
      }

      @Override
      public Optional<JobRecords> records() {
        return Optional.empty();
      }
    };
  }
}
