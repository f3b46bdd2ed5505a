package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.inserting;
import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.reaped;
import static dev.jobs4j.core.memory.Fault.release;
import static dev.jobs4j.core.memory.Fault.settled;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.WaitRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/** Wrong waiting. */
final class WaitingFaults {

  private WaitingFaults() {}

  static List<Fault> all() {
    return List.of(
        keeping("PARENTS_IGNORED", job -> job.after = List.of()),
        waitingFor("UNKNOWN_PARENT_TAKEN", (store, parent) -> store.row(parent) != null),
        keeping(
            "FIRST_PARENT_ALONE_COUNTS",
            job -> job.after = job.after.isEmpty() ? job.after : job.after.subList(0, 1)),
        inserting("NEVER_RELEASED", WaitingFaults::neverReleased),
        inserting("ONE_CHILD_RELEASED", WaitingFaults::oneChild),
        inserting("SUCCEEDED_PARENT_WAITED_FOR", WaitingFaults::waitForSucceeded),
        inserting("PARENT_IN_SAME_INSERT_UNSEEN", WaitingFaults::refuseSameInsert),
        inserting("PARENT_WITH_A_KEY_IN_SAME_INSERT_IGNORED", WaitingFaults::ignoreKeyed),
        releasedBy("RETRY_RELEASES", Outcome.Retry.class),
        releasedBy("DEATH_RELEASES", Outcome.Dead.class),
        reaped("TAKEOVER_RELEASES", (store, row) -> release(store, row.id())),
        Fault.refused("LOST_SUCCESS_RELEASES", (store, row, o) -> release(store, row.id())),
        Fault.requeued("REQUEUE_LOSES_CHILDREN", WaitingFaults::loseChildren),
        waitingFor("DEAD_PARENT_NOT_WAITED_FOR", (store, parent) -> !isDead(store, parent)),
        keeping("RELEASED_JOB_IS_DUE", job -> job.due = job.after.isEmpty() ? job.due : Due.now()),
        settled(
            "CANCELLED_CHILD_REVIVED",
            (store, row, o) -> {
              if (o instanceof Outcome.Succeeded) {
                revive(store, row.id());
              }
            }),
        Fault.showing("BLOCK_REASON_NOT_TOLD", (job, b) -> b.blockReason(null)));
  }

  private static Fault waitingFor(String name, BiPredicate<ForwardingStore, JobId> when) {
    return inserting(
        name,
        (store, jobs) -> {
          Set<JobId> own = new HashSet<>();
          jobs.forEach(job -> own.add(job.id()));
          return jobs.stream()
              .map(
                  job ->
                      Fault.changed(
                          job,
                          d ->
                              d.after =
                                  d.after.stream()
                                      .filter(p -> own.contains(p) || when.test(store, p))
                                      .toList()))
              .toList();
        });
  }

  private static boolean isDead(ForwardingStore store, JobId id) {
    Row row = store.row(id);
    return row != null && row.state == JobState.DEAD;
  }

  private static NewJob endless(ForwardingStore store, NewJob job) {
    List<JobId> parents = new ArrayList<>(job.after());
    parents.add(Fault.endless(store));
    return Fault.changed(job, d -> d.after = parents);
  }

  private static List<NewJob> neverReleased(ForwardingStore store, List<NewJob> jobs) {
    return jobs.stream().map(job -> job.after().isEmpty() ? job : endless(store, job)).toList();
  }

  private static List<NewJob> oneChild(ForwardingStore store, List<NewJob> jobs) {
    return jobs.stream()
        .map(
            job ->
                job.after().stream().anyMatch(parent -> hasChild(store, parent))
                    ? endless(store, job)
                    : job)
        .toList();
  }

  private static boolean hasChild(ForwardingStore store, JobId parent) {
    return store.rows(JobState.PENDING).stream().anyMatch(r -> r.parents().contains(parent));
  }

  private static List<NewJob> waitForSucceeded(ForwardingStore store, List<NewJob> jobs) {
    return jobs.stream()
        .map(
            job ->
                job.after().stream()
                        .map(store::row)
                        .anyMatch(row -> row != null && row.state == JobState.SUCCEEDED)
                    ? endless(store, job)
                    : job)
        .toList();
  }

  private static List<NewJob> refuseSameInsert(ForwardingStore store, List<NewJob> jobs) {
    for (NewJob job : jobs) {
      if (job.after().stream().anyMatch(parent -> store.row(parent) == null)) {
        throw new InvalidJobException("parent is not known");
      }
    }
    return jobs;
  }

  private static List<NewJob> ignoreKeyed(ForwardingStore store, List<NewJob> jobs) {
    Set<JobId> keyed = new HashSet<>();
    jobs.stream().filter(job -> job.uniqueKey() != null).forEach(job -> keyed.add(job.id()));
    return jobs.stream()
        .map(
            job ->
                Fault.changed(
                    job, d -> d.after = d.after.stream().filter(p -> !keyed.contains(p)).toList()))
        .toList();
  }

  private static Fault releasedBy(String name, Class<? extends Outcome> kind) {
    return settled(
        name,
        (store, row, outcome) -> {
          if (kind.isInstance(outcome)) {
            release(store, row.id());
          }
        });
  }

  private static void loseChildren(ForwardingStore store, Row parent) {
    JobId endless = Fault.endless(store);
    store.touchAll(
        row -> {
          if (row.parents().contains(parent.id())) {
            row.waitFor(endless, WaitRule.SUCCEEDED);
          }
        });
  }

  static void revive(ForwardingStore store, JobId parent) {
    for (Row row : store.rows(JobState.CANCELLED)) {
      if (row.job.after().contains(parent)) {
        store.store.records().requeue(row.id());
      }
    }
  }
}
