package dev.jobs4j.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a recurring job is, as a store keeps it. The store reads none of its texts: a row that
 * somebody else wrote may hold what this program cannot read.
 *
 * @param name what it is known by, 1 to 120 characters
 * @param spec when it fires, see {@link dev.jobs4j.api.schedule.Schedule#spec()}
 * @param zone the id of the zone in which {@code spec} is read
 * @param misfire see {@link dev.jobs4j.api.schedule.Misfire#spec()}
 * @param overlap the name of a {@link dev.jobs4j.api.schedule.Overlap}
 * @param jitter how much later than its firing a run may start
 * @param description what it is for, or null
 * @param inCode whether the application declares it at each start
 * @param job what a firing enqueues; its id, due time and unique key come with the firing
 */
public record ScheduleDefinition(
    String name,
    String spec,
    String zone,
    String misfire,
    String overlap,
    Duration jitter,
    @Nullable String description,
    boolean inCode,
    NewJob job) {

  /** Whether both fire at the same instants. */
  public boolean firesLike(ScheduleDefinition other) {
    return spec.equals(other.spec) && zone.equals(other.zone);
  }

  /** By content, that of the payload included. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScheduleDefinition that
        && name.equals(that.name)
        && firesLike(that)
        && misfire.equals(that.misfire)
        && overlap.equals(that.overlap)
        && jitter.equals(that.jitter)
        && Objects.equals(description, that.description)
        && inCode == that.inCode
        && Arrays.equals(job.payload().bytes(), that.job.payload().bytes())
        && withoutBytes(job).equals(withoutBytes(that.job));
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, spec, zone);
  }

  private static NewJob withoutBytes(NewJob job) {
    return job.toBuilder().payload(new Payload(job.payload().codec(), NO_BYTES)).build();
  }

  private static final byte[] NO_BYTES = {};
}
