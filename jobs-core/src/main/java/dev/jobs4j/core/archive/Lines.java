package dev.jobs4j.core.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a job as one line of JSON; a field that says nothing is left out. */
final class Lines {

  private final JsonFactory json = new JsonFactory();
  private final boolean payloads;

  Lines(boolean payloads) {
    this.payloads = payloads;
  }

  /** The line with its end. */
  byte[] line(ArchivedJob archived) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      job(out, archived.job());
      text(out, "origin", archived.origin());
      text(out, "archivedAt", archived.archivedAt().toString());
      headers(out, archived.headers());
      texts(out, "limits", new TreeSet<>(archived.job().limits()));
      fifo(out, archived.job().fifo().orElse(null));
      out.writeNumberField("typeVersion", archived.job().typeVersion());
      if (payloads) {
        payload(out, "payload", archived.payload());
        payload(out, "result", archived.result());
      }
      attempts(out, archived.attempts());
      out.writeEndObject();
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void job(JsonGenerator out, Job job) throws IOException {
    text(out, "id", job.id().toString());
    out.writeNumberField("token", job.token());
    text(out, "state", job.state().name());
    text(out, "type", job.type());
    text(out, "queue", job.queue().name());
    text(out, "tenant", job.tenant().orElse(null));
    text(out, "priority", job.priority().name());
    out.writeNumberField("attempt", job.attempt());
    out.writeNumberField("crashes", job.crashes());
    text(out, "createdAt", job.createdAt().toString());
    text(out, "runAt", job.runAt().toString());
    text(out, "finishedAt", job.finishedAt().map(Instant::toString).orElse(null));
    texts(out, "tags", new TreeSet<>(job.tags()));
    text(out, "deadReason", job.deadReason().map(Enum::name).orElse(null));
    failure(out, job.lastFailure().orElse(null));
  }

  private static void fifo(JsonGenerator out, @Nullable Fifo fifo) throws IOException {
    if (fifo == null) {
      return;
    }
    out.writeObjectFieldStart("fifo");
    text(out, "key", fifo.key());
    text(out, "onDead", fifo.onDead().name());
    out.writeEndObject();
  }

  private static void headers(JsonGenerator out, Map<String, String> headers) throws IOException {
    if (headers.isEmpty()) {
      return;
    }
    out.writeObjectFieldStart("headers");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      text(out, clean(header.getKey()), header.getValue());
    }
    out.writeEndObject();
  }

  /** As text if it is text, so that people and tools can read it. */
  private static void payload(JsonGenerator out, String name, @Nullable Payload payload)
      throws IOException {
    if (payload == null) {
      return;
    }
    out.writeObjectFieldStart(name);
    text(out, "codec", payload.codec());
    try {
      text(out, "text", utf8(payload.bytes()));
    } catch (CharacterCodingException e) {
      out.writeBinaryField("base64", payload.bytes());
    }
    out.writeEndObject();
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static void attempts(JsonGenerator out, List<AttemptRecord> attempts) throws IOException {
    if (attempts.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("attempts");
    for (AttemptRecord attempt : attempts) {
      out.writeStartObject();
      out.writeNumberField("attempt", attempt.attempt());
      out.writeNumberField("token", attempt.token());
      text(out, "endedAt", attempt.endedAt().toString());
      failure(out, attempt.failure().orElse(null));
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void failure(JsonGenerator out, @Nullable Failure failure) throws IOException {
    if (failure == null) {
      return;
    }
    out.writeObjectFieldStart("failure");
    text(out, "errorClass", failure.errorClass());
    text(out, "message", failure.message());
    text(out, "stack", failure.stack());
    out.writeEndObject();
  }

  private static void texts(JsonGenerator out, String name, Collection<?> values)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart(name);
    for (Object value : values) {
      out.writeString(clean(value.toString()));
    }
    out.writeEndArray();
  }

  /** Without halves of characters, which no JSON can hold and which would stop the archive. */
  private static String clean(String value) {
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static void text(JsonGenerator out, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      out.writeStringField(name, clean(value));
    }
  }
}
