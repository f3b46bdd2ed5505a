package dev.jobs4j.core.archive;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of an archive: which is written to, and whether all of them end with a line. */
final class Folder {

  private static final Logger log = LoggerFactory.getLogger(Folder.class);
  private static final Pattern NAME =
      Pattern.compile("jobs-(\\d{4}-\\d\\d-\\d\\d)-(\\d{3,9})\\.jsonl");
  private static final int STEP = 64 * 1024;
  private static final String TAKEN =
      "another archive has it open, give each process a folder of its own";

  /** A second lock file of one process, once closed, would take the lock of the first with it. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final long maxFileBytes;
  private @Nullable FileChannel lock;

  Folder(Path path, long maxFileBytes) {
    this.path = path;
    this.maxFileBytes = maxFileBytes;
  }

  /** Makes it ours and mends what a crash has left, unless it is open already. */
  void open() throws IOException {
    if (lock != null) {
      return;
    }
    Files.createDirectories(path);
    Path name = path.toRealPath();
    if (!OPEN.add(name)) {
      throw new IOException(TAKEN);
    }
    FileChannel own = null;
    try {
      own = FileChannel.open(name.resolve(".lock"), CREATE, WRITE);
      if (own.tryLock() == null) {
        throw new IOException(TAKEN);
      }
      for (Path file : files()) {
        mend(file);
      }
      lock = own;
    } finally {
      if (lock == null) {
        free(name, own);
      }
    }
  }

  void close() throws IOException {
    FileChannel own = lock;
    lock = null;
    if (own != null) {
      free(path.toRealPath(), own);
    }
  }

  private static void free(Path name, @Nullable FileChannel own) throws IOException {
    OPEN.remove(name);
    if (own != null) {
      own.close();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  boolean hasRoom(FileChannel file) throws IOException {
    return file.size() < maxFileBytes;
  }

  /** The last file of a day, at its end, or the next one if that is full. */
  FileChannel fileOf(LocalDate day) throws IOException {
    int number = 1;
    for (Path file : files()) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (name.matches() && name.group(1).equals(day.toString())) {
        number = Math.max(number, Integer.parseInt(name.group(2)));
      }
    }
    Path file = path.resolve("jobs-%s-%03d.jsonl".formatted(day, number));
    if (Files.exists(file) && Files.size(file) >= maxFileBytes) {
      file = path.resolve("jobs-%s-%03d.jsonl".formatted(day, number + 1));
    }
    boolean isNew = !Files.exists(file);
    FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE);
    boolean done = false;
    try {
      if (isNew) {
        makeNameDurable();
      } else {
        cut(file, channel);
      }
      channel.position(channel.size());
      done = true;
      return channel;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  /** Where a folder cannot be opened, as on Windows, its entries are durable without. */
  private void makeNameDurable() throws IOException {
    FileChannel entries;
    try {
      entries = FileChannel.open(path, READ);
    } catch (IOException e) {
      log.debug("The folder cannot be forced to disk: {}", path, e);
      return;
    }
    try (entries) {
      entries.force(true);
    }
  }

  /** Takes a batch back that could not be written; if that fails too, its lines stand twice. */
  void takeBack(FileChannel file, long start) {
    try (file) {
      file.truncate(start);
    } catch (IOException e) {
      log.debug("What was written of a batch stays in the archive: {}", path, e);
    }
  }

  private void mend(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      cut(file, channel);
    }
  }

  /** Cuts a line off that has no end. */
  private static void cut(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    long end = endOfLastLine(channel, size);
    if (end < size) {
      channel.truncate(end);
      channel.force(true);
      log.warn(
          "Cut a torn line off, its job is still in the store: {}, bytes={}", file, size - end);
    }
  }

  private static long endOfLastLine(FileChannel channel, long size) throws IOException {
    long to = size;
    while (to > 0) {
      int length = (int) Math.min(to == size ? 1 : STEP, to); // mostly the last byte says it all
      ByteBuffer part = ByteBuffer.allocate(length);
      while (part.hasRemaining() && channel.read(part, to - length + part.position()) >= 0) {
        // a read may give less than was asked for
      }
      for (int i = length - 1; i >= 0; i--) {
        if (part.get(i) == '\n') {
          return to - length + i + 1;
        }
      }
      to -= length;
    }
    return 0;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
