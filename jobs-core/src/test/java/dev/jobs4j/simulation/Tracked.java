package dev.jobs4j.simulation;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.NewJob;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one job must look like by all that was seen to take effect on it. */
final class Tracked {

  /** What it was enqueued as, or changed to while it waited. */
  NewJob job;

  /** Where it stands among all jobs; a line keeps this order. */
  final long entered;

  JobState state = JobState.PENDING;
  Instant notBefore;
  long token;
  int attempt;
  int crashes;
  boolean suspect;
  boolean cancelRequested;
  @Nullable EngineId holder;

  /** How often it was brought back to life. */
  int lives = 1;

  /** Endings that were accepted in this life. */
  int endings;

  /** The tokens under which handlers were seen to start. */
  final Set<Long> started = new HashSet<>();

  /** When the token that ran last was over, by the true time in nanoseconds. */
  long overSince;

  Tracked(NewJob job, long entered, Instant now) {
    this.job = job;
    this.entered = entered;
    notBefore = time(job.due(), now);
  }

  static Instant time(Due due, Instant now) {
    return due instanceof Due.At at ? at.instant() : now.plus(((Due.In) due).delay());
  }

  JobId id() {
    return job.id();
  }

  @Nullable String line() {
    Fifo fifo = job.fifo();
    return fifo == null ? null : fifo.key();
  }

  /** The key under which no other job may live, if it keeps others out. */
  @Nullable String key() {
    UniqueKey key = job.uniqueKey();
    return key == null || key.onConflict() != UniqueKey.OnConflict.KEEP ? null : key.value();
  }

  boolean isCurrent(long value) {
    return state == JobState.RUNNING && token == value;
  }

  void claimed(EngineId engine, long given, long now) {
    state = JobState.RUNNING;
    token = given;
    attempt++;
    holder = engine;
    overSince = now;
  }

  /** It runs no more. */
  void left(JobState next, long now) {
    state = next;
    holder = null;
    overSince = now;
    if (next.isTerminal()) {
      endings++;
    }
  }

  /** Its engine is dead or has left. */
  void takenBack(boolean counts, JobState next, long now) {
    token++;
    attempt--;
    if (counts) {
      crashes++;
    }
    left(next, now);
  }

  /** It has another content from now on, in its old place. */
  void replaced(NewJob by) {
    job =
        by.toBuilder()
            .id(id())
            .after(job.after())
            .afterEnd(job.afterEnd())
            .fifo(job.fifo())
            .build();
    attempt = 0;
    crashes = 0;
  }

  /** Somebody let it live again. */
  void revived(Instant due) {
    state = JobState.PENDING;
    notBefore = due;
    attempt = 0;
    crashes = 0;
    suspect = false;
    cancelRequested = false;
    endings = 0;
    lives++;
  }

  /** How its row differs from what it must be, or null. */
  @Nullable String difference(Job row) {
    if (row.state() != state) {
      return "is " + row.state() + " and must be " + state;
    }
    if (row.token() != token) {
      return "has token " + row.token() + " and must have " + token;
    }
    if (row.attempt() != attempt) {
      return "has attempt " + row.attempt() + " and must have " + attempt;
    }
    return row.crashes() == crashes
        ? null
        : "has " + row.crashes() + " crashes and must have " + crashes;
  }

  @Override
  public String toString() {
    return shortly(id()) + " (" + state + " token " + token + " attempt " + attempt + ")";
  }

  /** The end of an id: the part that differs. */
  static String shortly(JobId id) {
    String text = id.toString();
    return text.substring(text.length() - 6);
  }
}
