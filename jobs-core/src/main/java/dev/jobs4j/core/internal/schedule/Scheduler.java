package dev.jobs4j.core.internal.schedule;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.event.JobEvent.DropReason;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.core.internal.payload.UnreadablePayloadException;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beside the way: fires the recurring jobs of one store. Every engine does this; the store lets one
 * of them take each step. One that cannot fire is put off and does not stop the others.
 */
public final class Scheduler {

  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  static final int BATCH = 500;
  private static final int MOST_TOLD = 1_000;
  static final int MOST_JOBS = 1_000;
  static final Duration PUT_OFF = Duration.ofMinutes(1);

  private final ScheduleStore store;
  private final FiringJobs jobs;
  private final Listeners listeners;
  private final Runnable jobsAdded;
  private final Duration rest;

  /** Those that were told of; the loop's thread alone. */
  private final Set<String> withoutKey = new HashSet<>();

  /** One due recurring job and what it does. */
  private record Move(StoredSchedule stored, Step step, ScheduleFiring firing) {}

  /**
   * Fires what is kept in {@code store}.
   *
   * @param jobsAdded tells the engine that there may be something to run
   * @param rest how long to rest when nothing is due
   */
  public Scheduler(
      ScheduleStore store,
      FiringJobs jobs,
      Listeners listeners,
      Runnable jobsAdded,
      Duration rest) {
    this.store = store;
    this.jobs = jobs;
    this.listeners = listeners;
    this.jobsAdded = jobsAdded;
    this.rest = rest;
  }

  /** One step of its loop; the answer is zero while there is more to fire. */
  public Duration step() {
    List<StoredSchedule> due = store.due(BATCH);
    int taken = 0;
    List<Move> batch = new ArrayList<>();
    int batched = 0;
    for (StoredSchedule stored : due) {
      Move move = move(stored).orElse(null);
      if (move == null) {
        continue;
      }
      int more = move.firing().jobs().size();
      if (batched > 0 && batched + more > MOST_JOBS) {
        taken += fire(batch);
        batch.clear();
        batched = 0;
      }
      batch.add(move);
      batched += more;
    }
    taken += fire(batch);
    if (due.size() < BATCH) {
      return rest;
    }
    return taken == 0 ? rest : Duration.ZERO;
  }

  /** Empty if only an engine that has the key can do it. */
  private Optional<Move> move(StoredSchedule stored) {
    try {
      Plan plan = Plan.of(stored.definition());
      Step step = new Look(stored, plan).take();
      List<NewJob> enqueued =
          step.firings().stream()
              .map(firing -> jobs.of(stored.definition(), plan.overlap(), firing))
              .toList();
      return Optional.of(
          new Move(
              stored,
              step,
              new ScheduleFiring(
                  stored.name(), stored.revision(), enqueued, step.then(), step.ifHeld())));
    } catch (UnreadablePayloadException e) {
      if (e.reason() != DeadReason.CRYPTO_KEY_MISSING) {
        return Optional.of(putOff(stored, e));
      }
      if (withoutKey.size() < MOST_TOLD && withoutKey.add(stored.name())) {
        log.warn(
            "Recurring job is left to engines that have its key: schedule={}", stored.name(), e);
      }
      return Optional.empty();
    } catch (RuntimeException e) { // its row may be anybody's; the others must go on
      return Optional.of(putOff(stored, e));
    }
  }

  private static Move putOff(StoredSchedule stored, RuntimeException error) {
    log.error(
        "Recurring job cannot fire, looked at again in {}: schedule={}",
        PUT_OFF,
        stored.name(),
        error);
    SchedulePosition at = stored.position();
    SchedulePosition later =
        new SchedulePosition(
            at.nextFiring(), stored.asOf().plus(PUT_OFF), at.waiting(), at.lastFiring());
    Step step = new Step(List.of(), later, null, List.of());
    return new Move(
        stored, step, new ScheduleFiring(stored.name(), stored.revision(), List.of(), later, null));
  }

  /** Takes the steps; returns how many were taken. */
  private int fire(List<Move> moves) {
    if (moves.isEmpty()) {
      return 0;
    }
    try {
      Map<String, List<Enqueued>> taken = store.fire(moves.stream().map(Move::firing).toList());
      moves.forEach(
          move -> {
            List<Enqueued> answers = taken.get(move.stored().name());
            if (answers != null) {
              tell(move, answers);
            }
          });
      if (taken.values().stream()
          .flatMap(List::stream)
          .anyMatch(Enqueued.Created.class::isInstance)) {
        jobsAdded.run();
      }
      return taken.size();
    } catch (JobException e) {
      if (e instanceof StoreException error
          && error.outcome() == StoreException.Certainty.UNKNOWN) {
        throw e; // what was done shows at the next look
      }
      return fireEach(moves, e);
    }
  }

  /** One of them may be at fault; a store that is away refuses to put it off, too. */
  private int fireEach(List<Move> moves, JobException error) {
    if (moves.size() > 1) {
      return moves.stream().mapToInt(move -> fire(List.of(move))).sum();
    }
    Move move = moves.get(0);
    if (move.firing().jobs().isEmpty()) {
      throw error;
    }
    return fire(List.of(putOff(move.stored(), error)));
  }

  private void tell(Move move, List<Enqueued> answers) {
    for (Step.Drop drop : move.step().drops()) {
      dropped(move.stored(), drop.first(), drop.reason());
    }
    for (int i = 0; i < answers.size(); i++) {
      NewJob job = move.firing().jobs().get(i);
      JobId answer = answers.get(i).id();
      if (answers.get(i) instanceof Enqueued.Created) {
        listeners.publish(
            new JobEvent.Enqueued(new JobEvent.JobRef(answer, job.type(), job.queue(), 0)));
      } else if (!answer.equals(job.id())) {
        keptOut(move, move.step().firings().get(i));
      }
    }
  }

  /** Somebody has just let the job run beside its firings. */
  private void keptOut(Move move, Instant firing) {
    SchedulePosition held = move.step().ifHeld();
    Instant behind = move.step().then().waiting();
    if (held == null) {
      dropped(move.stored(), firing, DropReason.OVERLAP);
    } else if (behind != null && !behind.equals(held.waiting())) {
      dropped(move.stored(), behind, DropReason.OVERLAP); // one can wait
    }
  }

  private void dropped(StoredSchedule stored, Instant first, DropReason reason) {
    NewJob job = stored.definition().job();
    JobEvent.JobRef ref =
        new JobEvent.JobRef(FiringJobs.id(stored.name(), first), job.type(), job.queue(), 0);
    listeners.publish(new JobEvent.FiringsDropped(ref, stored.name(), first, reason));
  }
}
