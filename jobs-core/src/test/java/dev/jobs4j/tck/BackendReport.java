package dev.jobs4j.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Notes which backend a test suite ran against, so that a build can show what was tested for real.
 *
 * <p>Each note is one line of {@code target/backends.tsv}: the suite's simple name, the backend
 * with its version, and how real it was. Call it once the backend has answered, usually in
 * {@code @BeforeAll}. Thread-safe; a repeated note is written once per test JVM.
 */
public final class BackendReport {
  /** The product itself, in a process of its own. */
  public static final String REAL = "real";

  /** The product itself, or a stand-in of its protocol, inside the test's JVM. */
  public static final String EMBEDDED = "embedded";

  /** Our own in-memory implementation. */
  public static final String IN_MEMORY = "in-memory";

  /** No such backend was to be had, and the suite skips itself. */
  public static final String ABSENT = "absent";

  private static final Set<String> KINDS = Set.of(REAL, EMBEDDED, IN_MEMORY, ABSENT);
  private static final Set<String> written = new HashSet<>();

  private BackendReport() {}

  /**
   * Notes that {@code suite} uses {@code backend}, for example {@code "PostgreSQL 18.6"}.
   *
   * @param kind one of {@link #REAL}, {@link #EMBEDDED}, {@link #IN_MEMORY} and {@link #ABSENT}
   */
  public static void used(Class<?> suite, String backend, String kind) {
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException("Not a kind of backend: " + kind);
    }
    write(String.join("\t", suite.getSimpleName(), backend.replaceAll("\\s+", " "), kind));
  }

  private static synchronized void write(String line) {
    if (!written.add(line)) {
      return;
    }
    Path file = Path.of(System.getProperty("jobs.test.backends", "target/backends.tsv"));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot note the backend in " + file, e);
    }
  }
}
