package dev.jobs4j.store.jdbc;

import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What one transaction has made due, as far as it knows: queues by name, jobs whose queues are
 * looked up after the commit, or something anywhere.
 */
final class MadeDue {

  private final Set<String> queues = new TreeSet<>();
  private final Set<UUID> jobs = new TreeSet<>();
  private boolean anywhere;

  Set<String> queues() {
    return queues;
  }

  Set<UUID> jobs() {
    return jobs;
  }

  boolean anywhere() {
    return anywhere;
  }

  void setAnywhere() {
    anywhere = true;
  }

  void add(MadeDue other) {
    queues.addAll(other.queues);
    jobs.addAll(other.jobs);
    anywhere |= other.anywhere;
  }

  boolean isEmpty() {
    return queues.isEmpty() && jobs.isEmpty() && !anywhere;
  }
}
