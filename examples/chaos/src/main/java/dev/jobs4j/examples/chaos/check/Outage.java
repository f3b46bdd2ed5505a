package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.cluster.Worker;
import dev.jobs4j.examples.chaos.nemesis.Fault;

/**
 * A fault that happened.
 *
 * @param target a life of a worker, a worker, who enqueues, or all
 * @param from before it began
 * @param to after it was over
 */
record Outage(Fault fault, String target, long from, long to) {

  boolean hits(String process) {
    return target.equals(Fault.ALL)
        || target.equals(process)
        || target.equals(Worker.ofLife(process));
  }

  boolean hitsWorker(String worker) {
    return Worker.ofLife(target).equals(worker);
  }

  boolean overlaps(long begin, long end) {
    return from <= end && to >= begin;
  }
}
