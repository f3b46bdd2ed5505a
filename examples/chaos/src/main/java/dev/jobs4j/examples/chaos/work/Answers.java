package dev.jobs4j.examples.chaos.work;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobListener;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import dev.jobs4j.examples.chaos.ledger.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the store has answered to the endings of this process. An event names the
 * attempt and not its token, and a process that was frozen may have met one attempt of a job twice:
 * where it cannot be told which of them is meant, the token is 0.
 */
final class Answers implements JobListener {

  private record Open(String name, int attempt, long token, @Nullable String ending) {}

  private final Ledger ledger;
  private final Map<JobId, List<Open>> open = new HashMap<>(); // guarded by this

  Answers(Ledger ledger) {
    this.ledger = ledger;
  }

  synchronized void started(JobId id, int attempt, String name, long token) {
    open.computeIfAbsent(id, any -> new ArrayList<>()).add(new Open(name, attempt, token, null));
  }

  /** To be called before anybody can answer. */
  synchronized void ended(JobId id, long token, String ending) {
    open.getOrDefault(id, new ArrayList<>())
        .replaceAll(
            o -> o.token() == token ? new Open(o.name(), o.attempt(), o.token(), ending) : o);
  }

  @Override
  public void on(JobEvent event) {
    if (event instanceof JobEvent.Succeeded) {
      answer(event, What.DONE_OK, Set.of(Handling.OK));
    } else if (event instanceof JobEvent.Retried) {
      answer(event, What.RETRIED, Set.of(Handling.FAILED));
    } else if (event instanceof JobEvent.Died) {
      answer(event, What.DIED, Set.of(Handling.FAILED));
    } else if (event instanceof JobEvent.Released) {
      answer(event, What.RELEASED, Set.of(Handling.FAILED, Handling.INTERRUPTED));
    } else if (event instanceof JobEvent.LeaseLost) {
      answer(event, What.LOST, Set.of(Handling.OK, Handling.FAILED, Handling.INTERRUPTED));
    }
  }

  private void answer(JobEvent event, What what, Set<String> endings) {
    List<Open> meant = meant(event.job(), endings);
    if (meant.size() == 1) {
      ledger.append(what, meant.get(0).name(), meant.get(0).token(), "");
    } else if (!meant.isEmpty()) {
      ledger.append(what, meant.get(0).name(), 0, "one of " + meant);
    }
  }

  /** Empty for a job that was given back without having started. */
  private synchronized List<Open> meant(JobEvent.JobRef job, Set<String> endings) {
    List<Open> all = open.getOrDefault(job.id(), new ArrayList<>());
    List<Open> meant =
        all.stream()
            .filter(o -> o.attempt() == job.attempt())
            .filter(o -> o.ending() != null && endings.contains(o.ending()))
            .toList();
    if (meant.size() == 1) {
      all.removeAll(meant);
      if (all.isEmpty()) {
        open.remove(job.id());
      }
    }
    return meant;
  }
}
