package dev.jobs4j.api.schedule;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job as its store sees it, for people and tools. Texts are shown as they are kept, so
 * that what this program cannot read can be seen too.
 *
 * @param name what it is known by
 * @param spec when it fires, see {@link Schedule#spec()}
 * @param zone the id of the zone in which {@code spec} is read
 * @param type the kind of job that it enqueues
 * @param queue the queue that it enqueues to
 * @param misfire see {@link Misfire#spec()}
 * @param overlap the name of an {@link Overlap}
 * @param jitter how much later than its firing a run may start
 * @param about what it is for, or null
 * @param inCode whether an application declares it at its start
 * @param next its next firing, or null, see {@link #nextFiring()}
 * @param last the last firing that was answered by a run, or null
 * @param run the job of that run, or null
 * @param held who holds it up, or null
 */
public record ScheduleStatus(
    String name,
    String spec,
    String zone,
    String type,
    JobQueue queue,
    String misfire,
    String overlap,
    Duration jitter,
    @Nullable String about,
    boolean inCode,
    @Nullable Instant next,
    @Nullable Instant last,
    @Nullable JobId run,
    @Nullable SchedulePause held) {

  /**
   * Its next firing, pauses aside; empty if there is none any more, and while the run lasts whose
   * end it follows.
   */
  public Optional<Instant> nextFiring() {
    return Optional.ofNullable(next);
  }

  /** The last firing that was answered by a run. */
  public Optional<Instant> lastFiring() {
    return Optional.ofNullable(last);
  }

  /** The job of its last firing, or the one that kept that job out. */
  public Optional<JobId> lastRun() {
    return Optional.ofNullable(run);
  }

  /** Who holds it up now, if anybody does. */
  public Optional<SchedulePause> pause() {
    return Optional.ofNullable(held);
  }

  /** What it is for, if that was said. */
  public Optional<String> description() {
    return Optional.ofNullable(about);
  }
}
