package dev.jobs4j.tck;

import dev.jobs4j.api.JobContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What handlers did, written outside of the system under test: one appended line a step, which
 * outlives a killed process.
 */
public final class Ledger {

  /** What a handler did. */
  public enum Step {
    /** It began. */
    START,
    /** It was inside a durable step. */
    STEP,
    /** It was about to return. */
    DONE
  }

  /**
   * One step.
   *
   * @param step what was done
   * @param index which task it was
   * @param attempt the attempt's number
   * @param token the fencing token, or -1
   * @param origin the delivery on a broker, or {@code -}
   * @param pid the process that did it
   */
  public record Line(Step step, int index, int attempt, long token, String origin, long pid) {}

  private final Path file;

  /** Appends to {@code file}. */
  public Ledger(Path file) {
    this.file = file;
  }

  void write(Step step, int index, JobContext context) {
    String line =
        String.join(
                "\t",
                step.name(),
                Integer.toString(index),
                Integer.toString(context.attempt()),
                Long.toString(context.fencingToken().orElse(-1)),
                context.origin().orElse("-"),
                Long.toString(ProcessHandle.current().pid()))
            + "\n";
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every whole line so far. */
  public List<Line> lines() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      String text = Files.readString(file);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Ledger::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Line parse(String line) {
    String[] fields = line.split("\t", -1);
    return new Line(
        Step.valueOf(fields[0]),
        Integer.parseInt(fields[1]),
        Integer.parseInt(fields[2]),
        Long.parseLong(fields[3]),
        fields[4],
        Long.parseLong(fields[5]));
  }
}
