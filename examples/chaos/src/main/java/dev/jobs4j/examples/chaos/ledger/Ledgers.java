package dev.jobs4j.examples.chaos.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Reads ledgers back. A torn last line is the mark of a killed process; any other is a fault. */
public final class Ledgers {

  private Ledgers() {}

  /** The lines of all ledgers in a folder, by time. */
  public static List<Entry> read(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ledger")).sorted().toList()) {
        entries.addAll(readFile(file));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::nano));
    return entries;
  }

  private static List<Entry> readFile(Path file) throws IOException {
    String text = Files.readString(file, UTF_8);
    List<Entry> entries = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = text.indexOf('\n', from);
      if (to < 0) {
        return entries; // killed within the write
      }
      entries.add(parse(file, text.substring(from, to)));
      from = to + 1;
    }
    return entries;
  }

  private static Entry parse(Path file, String line) throws IOException {
    String[] parts = line.split(" ", 3);
    if (parts.length == 3) {
      byte[] bytes = parts[2].getBytes(UTF_8);
      CRC32 sum = new CRC32();
      sum.update(bytes);
      if (parts[0].equals(Integer.toString(bytes.length))
          && parts[1].equals("%08x".formatted(sum.getValue()))) {
        return Entry.parse(parts[2]);
      }
    }
    throw new IOException("A line of " + file + " is not what was written: " + line);
  }
}
