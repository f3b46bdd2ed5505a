package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import java.util.List;

/**
 * Enqueues each job once, however many runs ask for it, and tells how far earlier runs came. What
 * they gave up for want of attempts gets new ones; what is beyond mending stays given up.
 */
final class Orders {

  /** How an order was met. */
  enum Met {
    NEW,
    /** It is there and has yet to run. */
    WAITING,
    /** Some process has it; one that is gone, if no worker of this one was started yet. */
    IN_HAND,
    DONE,
    GIVEN_UP
  }

  /** A job that was asked for. */
  record Order(JobId id, Met met) {
    boolean isOpen() {
      return met != Met.DONE && met != Met.GIVEN_UP;
    }
  }

  private final JobClient jobs;

  Orders(JobClient jobs) {
    this.jobs = jobs;
  }

  /** Asks for one job. */
  Order place(JobRequest<?> request) {
    return place(List.of(request)).get(0);
  }

  /** Asks for many, in one transaction. */
  List<Order> place(List<? extends JobRequest<?>> requests) {
    return jobs.enqueueAll(requests).stream().map(this::order).toList();
  }

  private Order order(Enqueued enqueued) {
    return enqueued instanceof Enqueued.Created
        ? new Order(enqueued.id(), Met.NEW)
        : new Order(enqueued.id(), jobs.find(enqueued.id()).map(this::met).orElse(Met.DONE));
  }

  private Met met(Job job) {
    return switch (job.state()) {
      case PENDING -> Met.WAITING;
      case RUNNING -> Met.IN_HAND;
      case SUCCEEDED -> Met.DONE;
      case DEAD -> mayBeMended(job) && jobs.requeue(job.id()) ? Met.WAITING : Met.GIVEN_UP;
      case CANCELLED -> jobs.requeue(job.id()) ? Met.WAITING : Met.GIVEN_UP;
    };
  }

  /** Whether its attempts were used up, rather than its error found beyond mending. */
  static boolean mayBeMended(Job job) {
    return job.deadReason().filter(reason -> reason == DeadReason.EXHAUSTED).isPresent();
  }
}
