package dev.jobs4j.examples.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A file of JSON lines; each is written at once, so that a run that is cut short is kept too. */
public final class Journal implements AutoCloseable {

  private final ObjectMapper json = new ObjectMapper();
  private final PrintWriter out;

  /** Starts the file anew. */
  public Journal(Path file) throws IOException {
    out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), true);
  }

  /** Writes a line. */
  public void line(Map<String, ?> values) {
    try {
      out.println(json.writeValueAsString(values));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be JSON: " + values, e);
    }
  }

  @Override
  public void close() {
    out.close();
  }
}
