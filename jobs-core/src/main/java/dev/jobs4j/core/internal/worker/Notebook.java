package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobCancelledException;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.core.internal.worker.Attempt.End;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What one attempt writes down while it runs, under the token of its claim. Thread-safe. */
final class Notebook {

  private static final int LONGEST_NAME = 120;

  /** A write of unknown outcome changes nothing when it is repeated. */
  private static final int TRIES = 3;

  private final Attempt attempt;
  private final JobNotes notes;
  private final Payloads payloads;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  Notebook(Attempt attempt, JobNotes notes, Payloads payloads) {
    this.attempt = attempt;
    this.notes = notes;
    this.payloads = payloads;
  }

  /** Does a step unless it is done; {@code type} is null for one that leaves no value. */
  @Nullable Object step(String name, @Nullable Class<?> type, Callable<?> work) throws Exception {
    check(name, type);
    attempt.throwIfCancelled();
    ReentrantLock lock = locks.computeIfAbsent(name, key -> new ReentrantLock());
    if (lock.isHeldByCurrentThread()) {
      throw new InvalidJobException("step \"" + name + "\" must not run inside itself");
    }
    lock.lockInterruptibly();
    try {
      attempt.throwIfCancelled();
      KeptStep kept = notes.step(attempt.jobId(), name).orElse(null);
      return kept == null ? run(name, type, work) : read(kept, type);
    } finally {
      lock.unlock();
    }
  }

  private static void check(String name, @Nullable Class<?> type) {
    if (name.isEmpty()
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidJobException(
          "name of a step must have 1 to "
              + LONGEST_NAME
              + " characters and no control characters, had "
              + name.length());
    }
    if (type != null && type.isPrimitive()) {
      throw new InvalidJobException(
          "type of step \"" + name + "\" must not be primitive, was " + type);
    }
  }

  private @Nullable Object run(String name, @Nullable Class<?> type, Callable<?> work)
      throws Exception {
    Object value = work.call();
    if (type == null) {
      keep(new KeptStep(name, null));
      return null;
    }
    if (value == null) {
      throw new InvalidJobException(
          "work of step \""
              + name
              + "\" must not return null; one that leaves no value takes step(name, work)");
    }
    Payload payload = payloads.writeStep(attempt.job(), name, type, value);
    keep(new KeptStep(name, payload));
    return value;
  }

  private void keep(KeptStep step) {
    TokenLease lease = (TokenLease) attempt.job().lease();
    if (!keepSurely(lease, step)) {
      attempt.end(End.LEASE_LOST);
      throw new JobCancelledException(attempt.jobId());
    }
  }

  private boolean keepSurely(TokenLease lease, KeptStep step) {
    for (int tries = 1; ; tries++) {
      try {
        return notes.keep(lease, step);
      } catch (StoreException e) {
        if (e.outcome() != Certainty.UNKNOWN || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private @Nullable Object read(KeptStep kept, @Nullable Class<?> type) {
    Payload value = kept.value();
    if ((value == null) != (type == null)) {
      throw new InvalidJobException(
          "step \""
              + kept.name()
              + "\" was done "
              + (value == null ? "without" : "with")
              + " a value by an earlier attempt; give a step that changes its shape a new name");
    }
    return value == null || type == null
        ? null
        : payloads.readStep(attempt.job(), kept.name(), value, type);
  }
}
