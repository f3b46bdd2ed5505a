package dev.jobs4j.examples.benchmarks.database;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** The CPU time of a server process and its children, where /proc tells it. */
final class ServerProcesses {

  private static final double TICKS_PER_SECOND = 100;

  private final String parent;

  private ServerProcesses(String parent) {
    this.parent = parent;
  }

  static ServerProcesses of(String pid) {
    return new ServerProcesses(pid.trim());
  }

  /** Seconds so far: of the server, of its children, and of those that have ended. */
  OptionalDouble cpuSeconds() {
    double ticks = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        ticks += ticks(process);
      }
    } catch (IOException noProc) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(ticks / TICKS_PER_SECOND);
  }

  private double ticks(Path process) {
    boolean self = process.getFileName().toString().equals(parent);
    try {
      String stat = Files.readString(process.resolve("stat"));
      // what follows the name in brackets: state ppid ... utime stime cutime cstime as 11 to 14
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      if (!self && !fields[1].equals(parent)) {
        return 0;
      }
      double own = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
      double ended = Double.parseDouble(fields[13]) + Double.parseDouble(fields[14]);
      return self ? own + ended : own;
    } catch (IOException ended) {
      return 0;
    }
  }
}
