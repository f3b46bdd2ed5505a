package dev.jobs4j.examples.chaos.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes lines that survive their process: each has its length and check sum and is forced to disk
 * before the call returns. Threads that come together share one force. Thread-safe. A stream and no
 * channel: a channel is closed under the interruption that a handler may get at any time.
 */
public final class Ledger implements AutoCloseable {

  private final String process;
  private final FileOutputStream file;
  private final Object disk = new Object();
  private volatile long written;
  private long forced; // guarded by disk

  private Ledger(String process, FileOutputStream file) {
    this.process = process;
    this.file = file;
  }

  /** The ledger of one life of a process. */
  public static Ledger open(Path folder, String process) throws IOException {
    return new Ledger(
        process, new FileOutputStream(folder.resolve(process + ".ledger").toFile(), true));
  }

  /** One line. */
  public void append(What what, String job, long token, String detail) {
    append(List.of(entry(what, job, token, detail)));
  }

  /** A line of this process at this moment, to be appended with others. */
  public Entry entry(What what, String job, long token, String detail) {
    return new Entry(System.nanoTime(), process, what, job, token, detail);
  }

  /** Several lines under one force. */
  public void append(List<Entry> entries) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    entries.forEach(entry -> lines.writeBytes(line(entry.text())));
    try {
      force(write(lines.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException("The ledger of " + process + " cannot be written", e);
    }
  }

  static byte[] line(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return "%d %08x %s%n".formatted(bytes.length, sum.getValue(), text).getBytes(UTF_8);
  }

  private synchronized long write(byte[] bytes) throws IOException {
    file.write(bytes);
    return ++written;
  }

  private void force(long mine) throws IOException {
    synchronized (disk) {
      if (forced < mine) {
        long all = written;
        file.getFD().sync();
        forced = all;
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
