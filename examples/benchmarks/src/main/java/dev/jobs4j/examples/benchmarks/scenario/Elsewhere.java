package dev.jobs4j.examples.benchmarks.scenario;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Contestant.Engine;
import dev.jobs4j.examples.benchmarks.contestant.Library;
import dev.jobs4j.examples.benchmarks.contestant.Roster;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.examples.benchmarks.database.Database.Product;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** An engine in a JVM of its own, that writes a line with the time of each call of a handler. */
public final class Elsewhere {

  /** Says that the library polls this often, in milliseconds, instead of its default. */
  static final String POLL = "poll=";

  private static final String READY = "ready";
  private static final int WORKERS = 10;

  private Elsewhere() {}

  /** Starts the other JVM, and takes its lines in. */
  static AutoCloseable start(Bout bout, Queue<Long> calls, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                bout.contestant().name(),
                bout.area().product().name(),
                bout.area().url()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String first = lines.readLine();
      if (!READY.equals(first)) {
        throw new IOException("the other JVM did not start, it said: " + first);
      }
      Thread reader = new Thread(() -> read(lines, calls), "benchmark-elsewhere");
      reader.setDaemon(true);
      reader.start();
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
    return () -> {
      process.outputWriter(StandardCharsets.UTF_8).close(); // the end of its input ends it
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    };
  }

  private static void read(BufferedReader lines, Queue<Long> calls) {
    lines.lines().map(Long::valueOf).forEach(calls::add);
  }

  /** The other JVM: system, product, URL and words. Ends with its input. */
  public static void main(String[] args) throws Exception {
    try (Area area = Area.at(Product.valueOf(args[1]), args[2])) {
      Contestant contestant = new Roster().enter(args[0], area);
      try (Engine engine = start(contestant, args)) {
        System.out.println(READY);
        while (System.in.read() >= 0) {
          // nothing is said
        }
      } finally {
        contestant.close();
      }
    }
  }

  private static Engine start(Contestant contestant, String... args) throws Exception {
    Runnable tell = () -> System.out.println(System.nanoTime());
    for (String word : args) {
      if (word.startsWith(POLL) && contestant instanceof Library library) {
        Duration interval = Duration.ofMillis(Long.parseLong(word.substring(POLL.length())));
        return library.startPolling(WORKERS, tell, interval);
      }
    }
    return contestant.start(WORKERS, tell);
  }
}
