package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.handing;
import static dev.jobs4j.core.memory.Fault.keeping;
import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.Fault.showing;
import static dev.jobs4j.core.memory.Fault.taking;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Bytes, text and times kept wrongly. */
final class DataFaults {

  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private DataFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(data());
    all.addAll(times());
    return all;
  }

  private static List<Fault> data() {
    return List.of(
        bytes("EMPTY_PAYLOAD_IS_NULL", b -> b.length == 0 ? "null".getBytes(UTF_8) : b),
        bytes("PAYLOAD_IS_TEXT", b -> new String(b, UTF_8).getBytes(UTF_8)),
        bytes("PAYLOAD_CUT_AT_64K", DataFaults::cut),
        handing("PAYLOAD_LOST_AFTER_FIRST_CLAIM", DataFaults::lostLater),
        result("RESULT_CUT_AT_64K", r -> new Payload(r.codec(), cut(r.bytes()))),
        taking(
            "EMPTY_RESULT_LOST",
            (row, o) ->
                o instanceof Outcome.Succeeded s
                        && s.result() != null
                        && s.result().bytes().length == 0
                    ? SettleFaults.success(null)
                    : o),
        RecordFaults.letters(
            "LETTER_CUT_AT_64K",
            l ->
                new DeadLetter(
                    l.id(),
                    l.type(),
                    l.queue(),
                    l.reason(),
                    l.failure(),
                    l.attempt(),
                    cut(l.payload()),
                    l.codec(),
                    l.diedAt(),
                    null)),
        text("TEXT_IN_LATIN_1", s -> new String(s.getBytes(ISO_8859_1), ISO_8859_1)),
        text("TEXT_STRIPPED", String::strip),
        text("TEXT_CUT_AT_100", s -> s.substring(0, Math.min(100, s.length()))),
        taking("FAILURE_CUT_AT_2000", (row, o) -> SettleFaults.withFailure(o, DataFaults::cut)),
        keeping(
            "HEADERS_CUT_AT_20",
            job -> {
              Map<String, String> few = new HashMap<>();
              job.headers.entrySet().stream()
                  .limit(20)
                  .forEach(e -> few.put(e.getKey(), e.getValue()));
              job.headers = few;
            }),
        text("NUL_DROPPED", s -> s.replace("\0", "")));
  }

  private static Fault bytes(String name, UnaryOperator<byte[]> change) {
    return keeping(
        name,
        job -> job.payload = new Payload(job.payload.codec(), change.apply(job.payload.bytes())));
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, Math.min(1 << 16, bytes.length));
  }

  private static Failure cut(Failure f) {
    return new Failure(
        f.errorClass(), f.message(), f.stack().substring(0, Math.min(2_000, f.stack().length())));
  }

  private static LeasedJob lostLater(LeasedJob job) {
    boolean first = job.fencingToken().orElse(0) <= 1;
    Payload payload = first ? job.payload() : new Payload("json", new byte[0]);
    return new LeasedJob(
        job.lease(),
        job.id(),
        job.type(),
        job.typeVersion(),
        job.queue(),
        payload,
        job.attempt(),
        job.maxAttempts(),
        job.fencingToken(),
        job.suspect(),
        job.age(),
        job.tenant(),
        job.tags(),
        job.headers(),
        job.origin());
  }

  private static Fault result(String name, UnaryOperator<Payload> change) {
    return taking(name, (row, o) -> SettleFaults.withResult(o, change));
  }

  private static Fault text(String name, UnaryOperator<String> change) {
    return keeping(
        name,
        job -> {
          job.tenant = job.tenant == null ? null : change.apply(job.tenant);
          Map<String, String> headers = new HashMap<>();
          job.headers.forEach((k, v) -> headers.put(k, change.apply(v)));
          job.headers = headers;
        });
  }

  private static List<Fault> times() {
    return List.of(
        instants("INSTANTS_CUT_TO_MILLIS", i -> i.truncatedTo(ChronoUnit.MILLIS)),
        instants("INSTANTS_END_IN_2100", i -> i.isAfter(end()) ? end() : i),
        instants("INSTANTS_IN_LOCAL_TIME", DataFaults::local),
        keeping(
            "DELAYS_END_AFTER_A_YEAR",
            job -> {
              if (job.due instanceof Due.In in && in.delay().toDays() > 365) {
                job.due = new Due.In(Duration.ofDays(365));
              }
            }),
        showing(
            "ENQUEUE_DATED_BY_CALLER",
            (job, b) -> b.times(job.runAt(), START, job.finishedAt().orElse(null))),
        showing(
            "END_DATED_BY_CALLER",
            (job, b) ->
                b.times(
                    job.runAt(), job.createdAt(), job.finishedAt().map(i -> START).orElse(null))),
        RecordFaults.letters(
            "DEATH_DATED_BY_CALLER",
            l ->
                new DeadLetter(
                    l.id(),
                    l.type(),
                    l.queue(),
                    l.reason(),
                    l.failure(),
                    l.attempt(),
                    l.payload(),
                    l.codec(),
                    START,
                    null)),
        recording(
            "ATTEMPT_DATED_BY_CALLER",
            (store, records) ->
                new ForwardingRecords(records) {
                  @Override
                  public List<AttemptRecord> attempts(JobId id) {
                    return super.attempts(id).stream()
                        .map(a -> new AttemptRecord(a.attempt(), a.token(), START, a.error()))
                        .toList();
                  }
                }),
        showing(
            "ENQUEUE_DATE_LOST_AT_THE_END",
            (job, b) ->
                b.times(
                    job.runAt(),
                    job.finishedAt().orElse(job.createdAt()),
                    job.finishedAt().orElse(null))));
  }

  private static Instant end() {
    return Instant.parse("2100-01-01T00:00:00Z");
  }

  private static Instant local(Instant instant) {
    ZoneId zone = ZoneId.of("America/New_York");
    LocalDateTime written = LocalDateTime.ofInstant(instant, ZoneId.of("UTC"));
    Instant read = written.atZone(zone).toInstant();
    return LocalDateTime.ofInstant(read, zone).toInstant(ZoneOffset.UTC);
  }

  private static Fault instants(String name, UnaryOperator<Instant> change) {
    return keeping(
        name,
        job -> {
          if (job.due instanceof Due.At at) {
            job.due = new Due.At(change.apply(at.instant()));
          }
        });
  }
}
