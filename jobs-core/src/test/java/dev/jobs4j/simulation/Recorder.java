package dev.jobs4j.simulation;

import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Stands at the store's door and notes what takes effect there, whoever asked for it and whether or
 * not he hears of it; each effect is checked against the books, then the rows are.
 */
final class Recorder {

  /** How many calls that changed nothing pass before the rows are compared all the same. */
  private static final int COMPARE_EACH = 40;

  /** Other calls that move jobs, and perhaps those that wait for them. */
  private static final Set<String> CHANGES =
      Set.of("cancel", "requeue", "redrive", "expire", "discard");

  private final Agenda agenda;
  private final Verdict verdict;
  private final Ledger ledger;
  private final Engines engines;
  private final Firings firings;
  private final Settlements settlements;
  private final Figures figures;
  private final Claims claims;
  private final Takeovers takeovers;
  private final Map<JobTransaction, List<NewJob>> open = new HashMap<>();
  private int quiet;
  private @Nullable Node caller;

  Recorder(
      Agenda agenda,
      Verdict verdict,
      Ledger ledger,
      JobRecords rows,
      Swarm swarm,
      Figures figures) {
    this.agenda = agenda;
    this.verdict = verdict;
    this.ledger = ledger;
    this.figures = figures;
    engines = new Engines(agenda, verdict, swarm);
    firings = new Firings(agenda, verdict, ledger);
    takeovers = new Takeovers(agenda, verdict, ledger, engines, swarm);
    claims = new Claims(agenda, verdict, ledger, swarm);
    settlements = new Settlements(agenda, verdict, ledger, rows);
  }

  /** Lets a call take effect. */
  @Nullable Object effect(Node by, String what, Object[] args, Callable<@Nullable Object> call)
      throws Exception {
    caller = by;
    switch (what) {
      case "insert":
        return insert(args, call);
      case "claim":
        return claim(by, (ClaimRequest) args[0], call);
      case "settle":
        return settle(args, call);
      case "reap":
        Reaped reaped = (Reaped) call.call();
        takeovers.reaped((ReapRequest) args[0], reaped);
        return changed(reaped, !reaped.isEmpty(), "reap");
      case "register":
        Object registered = call.call();
        engines.registered((EngineInfo) args[0], by);
        return registered;
      case "renew":
        Object mailbox = call.call();
        engines.renewed((EngineId) args[0], ((Optional<?>) mailbox).isPresent());
        return changed(mailbox, false, "renew");
      case "retire":
        Object retired = call.call();
        takeovers.retired((EngineId) args[0]);
        return changed(retired, true, "retire");
      case "fire":
        return fire(args, call);
      default:
        return other(what, args, call);
    }
  }

  /** Whose call takes effect now, or did last. */
  @Nullable Node caller() {
    return caller;
  }

  private @Nullable Object other(String what, Object[] args, Callable<@Nullable Object> call)
      throws Exception {
    Object answer = call.call();
    switch (what) {
      case "cancel" -> cancelled((JobId) args[0], (Cancellation) answer);
      case "requeue" -> {
        if ((Boolean) answer) {
          revived((JobId) args[0], Duration.ZERO);
        }
      }
      case "redrive" -> redriven(args, (Redriven) answer);
      case "expire" -> expired((Collection<?>) answer);
      case "discard" -> discarded((Collection<?>) answer);
      case "pause" -> {
        if (args[0] instanceof Pause.Target target) {
          claims.paused(target, (Instant) args[2]);
        }
      }
      case "resume" -> {
        if (args[0] instanceof Pause.Target target) {
          claims.resumed(target);
        }
      }
      case "save" -> firings.saved(((ScheduleDefinition) args[0]).name());
      case "delete" -> {
        if (args[0] instanceof String schedule) {
          firings.forgotten(schedule);
        }
      }
      default -> {
        // a question
      }
    }
    return changed(answer, CHANGES.contains(what), what);
  }

  /** Compares the rows if something may have changed, and now and then all of them. */
  private <T> T changed(T answer, boolean surely, String what) {
    quiet++;
    boolean all = quiet >= COMPARE_EACH;
    if (surely || all) {
      quiet = all ? 0 : quiet;
      ledger.compare(all, rule(what), what);
    }
    return answer;
  }

  private static Rule rule(String what) {
    return switch (what) {
      case "reap", "retire", "renew" -> Rule.S10;
      case "claim" -> Rule.S7;
      default -> Rule.S3;
    };
  }

  // enqueue

  private @Nullable Object insert(Object[] args, Callable<@Nullable Object> call) throws Exception {
    List<NewJob> jobs = jobs(args[0]);
    Object answer = call.call();
    List<?> answers = (List<?>) answer;
    boolean waits = args.length > 1 && args[1] instanceof JobTransaction;
    List<NewJob> created = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (answers.get(i) instanceof Enqueued.Created) {
        created.add(jobs.get(i));
        if (!waits) {
          ledger.entered(jobs.get(i));
        }
      } else if (answers.get(i) instanceof Enqueued.Existing found && found.replaced()) {
        replaced(found.id(), jobs.get(i));
      }
    }
    if (waits) {
      open.computeIfAbsent((JobTransaction) args[1], any -> new ArrayList<>()).addAll(created);
    }
    return changed(answer, !created.isEmpty(), "insert");
  }

  private static List<NewJob> jobs(Object list) {
    List<NewJob> jobs = new ArrayList<>();
    ((List<?>) list).forEach(job -> jobs.add((NewJob) job));
    return jobs;
  }

  private void replaced(JobId id, NewJob by) {
    Tracked job = ledger.find(id);
    if (job != null) {
      job.replaced(by);
    }
  }

  /** A caller's transaction has ended. */
  void ended(JobTransaction transaction, boolean committed, JobRecords rows) {
    for (NewJob job : open.getOrDefault(transaction, List.of())) {
      if (committed) {
        ledger.entered(job);
      } else {
        verdict.check(
            Rule.S9,
            rows.find(job.id()).isEmpty(),
            () -> "rolled back, and there all the same: " + job.id());
      }
    }
    open.remove(transaction);
  }

  /** What open transactions have written is seen by nobody. */
  void checkOpen(JobRecords rows) {
    open.values()
        .forEach(
            jobs ->
                jobs.forEach(
                    job ->
                        verdict.check(
                            Rule.S9,
                            rows.find(job.id()).isEmpty(),
                            () -> "not committed, and there all the same: " + job.id())));
  }

  private @Nullable Object claim(Node by, ClaimRequest request, Callable<@Nullable Object> call)
      throws Exception {
    List<?> given = (List<?>) call.call();
    for (Object one : given) {
      claims.claimed(by, request.engine(), (LeasedJob) one);
    }
    if (!given.isEmpty()) {
      engines.used(request.engine());
      figures.count("jobs claimed ahead", Math.max(0, given.size() - request.places()));
      by.wasGiven();
    }
    return changed(given, !given.isEmpty(), "claim");
  }

  // endings

  private @Nullable Object settle(Object[] args, Callable<@Nullable Object> call) throws Exception {
    List<Settlement> asked = new ArrayList<>();
    ((List<?>) args[0]).forEach(one -> asked.add((Settlement) one));
    settlements.before(asked);
    Object lost = call.call();
    settlements.after(asked, (Collection<?>) lost);
    return changed(lost, true, "settle");
  }

  /** Who has seen to it that this was accepted; for what engines say. */
  boolean hasSettled(JobId id, JobState as) {
    return settlements.hasSettled(id, as);
  }

  /** The node that runs a job by the books, or null. */
  @Nullable Node holder(@Nullable Tracked job) {
    return job == null ? null : engines.node(job.holder);
  }

  private void expired(Collection<?> ids) {
    for (Object id : ids) {
      Tracked job = ledger.find((JobId) id);
      verdict.check(
          Rule.S10,
          job != null && job.state == JobState.PENDING && job.job.expires() != null,
          () -> id + " was given up: " + job);
      if (job != null) {
        job.left(JobState.DEAD, agenda.nanos());
        ledger.moved(job);
      }
    }
  }

  private void discarded(Collection<?> ids) {
    for (Object id : ids) {
      Tracked job = ledger.find((JobId) id);
      verdict.check(
          Rule.S1, job != null && job.state == JobState.DEAD, () -> job + " was discarded");
      if (job != null) {
        ledger.gone(job);
      }
    }
  }

  private void cancelled(JobId id, Cancellation answer) {
    Tracked job = ledger.find(id);
    if (job == null) {
      return;
    }
    if (answer == Cancellation.CANCELLED) {
      verdict.check(
          Rule.S2, job.state == JobState.PENDING, () -> job + " was cancelled, it does not wait");
      job.left(JobState.CANCELLED, agenda.nanos());
    } else if (answer == Cancellation.REQUESTED) {
      job.cancelRequested = true;
    }
    ledger.moved(job);
  }

  private void redriven(Object[] args, Redriven redriven) {
    Map<?, ?> delays = (Map<?, ?>) args[0];
    redriven.jobs().forEach(id -> revived(id, (Duration) delays.get(id)));
  }

  private void revived(JobId id, Duration delay) {
    Tracked job = ledger.find(id);
    if (job != null) {
      verdict.check(
          Rule.S2,
          job.state == JobState.DEAD || job.state == JobState.CANCELLED,
          () -> job + " was let live again");
      job.revived(agenda.instant().plus(delay));
      ledger.moved(job);
    }
  }

  // recurring jobs

  private @Nullable Object fire(Object[] args, Callable<@Nullable Object> call) throws Exception {
    Map<String, ScheduleFiring> asked = new LinkedHashMap<>();
    ((List<?>) args[0])
        .forEach(
            one -> {
              ScheduleFiring firing = (ScheduleFiring) one;
              asked.put(firing.name(), firing);
            });
    Object answer = call.call();
    ((Map<?, ?>) answer)
        .forEach((name, answers) -> firings.fired(asked.get(name), (List<?>) answers));
    return changed(answer, !((Map<?, ?>) answer).isEmpty(), "fire");
  }
}
