package dev.jobs4j.core.internal.payload;

import dev.jobs4j.api.JobId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where encrypted bytes belong. They are bound to it: anywhere else they do not open.
 *
 * @param field which bytes of the job, such as {@code payload}
 * @param job the job
 * @param type its kind, as stored
 * @param version the version of the shape; 0 where there is none
 * @param tenant on whose behalf it runs, or null
 */
record Place(String field, JobId job, String type, int version, @Nullable String tenant) {

  static final String PAYLOAD = "payload";
  static final String RESULT = "result";

  /** Before the name of a step. */
  static final String STEP = "step ";

  /**
   * What is authenticated beside the bytes: this place, the codec that wrote them and the key. Each
   * part has its length before it, so that no two places give the same bytes.
   */
  byte[] bind(String codec, String keyId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      text(out, "jobs4j payload 1");
      text(out, field);
      out.writeLong(job.value().getMostSignificantBits());
      out.writeLong(job.value().getLeastSignificantBits());
      text(out, type);
      out.writeInt(version);
      out.writeBoolean(tenant != null);
      text(out, tenant == null ? "" : tenant);
      text(out, codec);
      text(out, keyId);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in an array
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
