package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.StoredSchedule.LastRun;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a recurring job lies in its row. */
final class ScheduleRows {

  private ScheduleRows() {}

  /** The columns of the definition, in the order in which {@link #bind} binds them. */
  static Call bind(Call call, ScheduleDefinition definition) {
    NewJob job = definition.job();
    Fifo fifo = job.fifo();
    return call.text(definition.spec())
        .text(definition.zone())
        .text(definition.misfire())
        .text(definition.overlap())
        .number(Micros.of(definition.jitter()))
        .text(definition.description())
        .flag(definition.inCode())
        .text(job.type())
        .integer(job.typeVersion())
        .text(job.queue().name())
        .integer(job.priority().level())
        .numberOrNull(job.expires() instanceof Due.In in ? Micros.of(in.delay()) : null)
        .integer(job.maxAttempts())
        .text(job.tenant())
        .text(fifo == null ? null : fifo.key())
        .flagOrNull(fifo == null ? null : fifo.onDead() == Fifo.OnDead.SKIP)
        .text(Tags.write(job.tags()))
        .text(LimitKeys.write(job.limits()))
        .text(Headers.write(job.headers()))
        .text(job.payload().codec())
        .bytes(job.payload().bytes());
  }

  /** The columns of the position, in the order in which this binds them. */
  static Call bind(Call call, SchedulePosition position) {
    return call.instantOrNull(position.nextFiring())
        .instantOrNull(position.lookAt())
        .instantOrNull(position.waiting())
        .instantOrNull(position.lastFiring());
  }

  static StoredSchedule read(Row row) throws SQLException {
    return new StoredSchedule(
        definition(row),
        new SchedulePosition(
            row.instantOrNull("next_firing"),
            row.instantOrNull("look_at"),
            row.instantOrNull("waiting"),
            row.instantOrNull("last_firing")),
        pause(row),
        lastRun(row),
        row.number("revision"),
        row.instant("as_of"));
  }

  private static ScheduleDefinition definition(Row row) throws SQLException {
    return new ScheduleDefinition(
        row.text("name"),
        row.text("spec"),
        row.text("zone"),
        row.text("misfire"),
        row.text("overlap"),
        micros(row.number("jitter_micros")),
        row.textOrNull("description"),
        row.flag("in_code"),
        job(row));
  }

  private static @Nullable Fifo fifo(Row row) throws SQLException {
    String key = row.textOrNull("line_key");
    return key == null
        ? null
        : new Fifo(key, row.flag("line_skip") ? Fifo.OnDead.SKIP : Fifo.OnDead.BLOCK);
  }

  private static NewJob job(Row row) throws SQLException {
    Long expires = row.numberOrNull("expires_micros");
    return NewJob.builder(
            new JobId(Inserts.NOBODY),
            row.text("type"),
            new JobQueue(row.text("queue")),
            new Payload(row.text("codec"), row.bytes("payload")))
        .typeVersion(row.integer("type_version"))
        .priority(Priority.ofLevel(row.integer("priority")))
        .expires(expires == null ? null : new Due.In(micros(expires)))
        .maxAttempts(row.integerOrNull("max_attempts"))
        .tenant(row.textOrNull("tenant"))
        .tags(Tags.read(row.textOrNull("tags")))
        .fifo(fifo(row))
        .limits(LimitKeys.read(row.textOrNull("limits")))
        .headers(Headers.read(row.textOrNull("headers")))
        .build();
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  private static @Nullable SchedulePause pause(Row row) throws SQLException {
    String by = row.textOrNull("paused_by");
    String why = row.textOrNull("paused_why");
    return by == null
        ? null
        : new SchedulePause(by, why == null ? "" : why, row.instantOrNull("paused_until"));
  }

  private static @Nullable LastRun lastRun(Row row) throws SQLException {
    UUID id = row.idOrNull("last_job");
    Instant ended = row.instantOrNull("run_ended_at");
    return id == null
        ? null
        : new LastRun(new JobId(id), row.integer("run_under_way") > 0 && ended == null, ended);
  }
}
