package dev.jobs4j.core.archive;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.JobArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes jobs into files of a folder, one JSON object in each line: {@code
 * jobs-2026-11-22-001.jsonl} and so on, by the day (UTC, of the store) on which they were archived.
 * Jobs count as kept once the disk has them. A line that a crash has torn is cut off at the next
 * start; its job is still in the store and comes again. A job may stand in two lines, equal in
 * {@code id} and {@code token}.
 *
 * <p>Payloads and results are written as they are stored: encrypted ones stay encrypted, others are
 * readable, {@code @Sensitive} members too. {@link Builder#withoutPayloads()} leaves both out.
 *
 * <p>A folder is for one archive of one process; a second is refused while the first is open. Whole
 * files may be taken away at any time, except that of the day.
 */
public final class JsonLinesArchive implements JobArchive {

  private final Folder folder;
  private final Lines lines;
  private @Nullable FileChannel file;
  private @Nullable LocalDate day;

  private JsonLinesArchive(Folder folder, Lines lines) {
    this.folder = folder;
    this.lines = lines;
  }

  /**
   * An archive in this folder, which is made if it is not there, with a new file each day and after
   * 256 MiB.
   *
   * @throws InvalidJobException if the folder cannot be used
   */
  public static JsonLinesArchive in(Path folder) {
    return builder(folder).open();
  }

  /** An archive in this folder, to be set up. */
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  @Override
  public synchronized void keep(List<ArchivedJob> jobs) {
    try {
      append(jobs);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write to the archive in " + folder, e);
    }
  }

  private void append(List<ArchivedJob> jobs) throws IOException {
    folder.open();
    FileChannel out = file(jobs.get(0).archivedAt().atOffset(ZoneOffset.UTC).toLocalDate());
    long start = out.size();
    boolean done = false;
    try {
      for (ArchivedJob job : jobs) {
        ByteBuffer line = ByteBuffer.wrap(lines.line(job));
        while (line.hasRemaining()) {
          out.write(line);
        }
      }
      out.force(true);
      done = true;
    } finally {
      if (!done) {
        file = null; // whatever state it is in, the next one looks at it afresh
        folder.takeBack(out, start);
      }
    }
  }

  /** The file to write into, at its end. */
  private FileChannel file(LocalDate today) throws IOException {
    FileChannel current = file;
    if (current != null && today.equals(day) && folder.hasRoom(current)) {
      return current;
    }
    file = null;
    if (current != null) {
      current.close();
    }
    FileChannel next = folder.fileOf(today);
    file = next;
    day = today;
    return next;
  }

  @Override
  public synchronized void close() {
    try (FileChannel open = file) {
      file = null;
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not close the archive in " + folder, e);
    }
  }

  /** Sets an archive up. Not thread-safe. */
  public static final class Builder {
    private final Path folder;
    private long maxFileBytes = 256L * 1024 * 1024;
    private boolean payloads = true;

    private Builder(Path folder) {
      this.folder = folder;
    }

    /** Begins a new file once one has so many bytes, ≥ 1; a batch is never parted. */
    public Builder maxFileBytes(long value) {
      if (value < 1) {
        throw new InvalidJobException("maxFileBytes must be >= 1, was " + value);
      }
      maxFileBytes = value;
      return this;
    }

    /** Leaves payloads and results out. */
    public Builder withoutPayloads() {
      payloads = false;
      return this;
    }

    /**
     * The archive, ready to take jobs.
     *
     * @throws InvalidJobException if the folder cannot be used, or another archive uses it
     */
    public JsonLinesArchive open() {
      Folder files = new Folder(folder, maxFileBytes);
      try {
        files.open();
      } catch (IOException e) {
        throw new InvalidJobException(
            "The folder of the archive cannot be used: " + folder + " (" + e + ")", e);
      }
      return new JsonLinesArchive(files, new Lines(payloads));
    }
  }
}
