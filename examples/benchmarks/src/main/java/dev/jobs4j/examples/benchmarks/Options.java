package dev.jobs4j.examples.benchmarks;

import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.examples.benchmarks.scenario.Size;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the command line says.
 *
 * @param scenarios names of scenarios; empty for all
 * @param systems what the names of systems begin with; empty for all
 * @param warmUps rounds to warm up, at least one
 * @param rounds measured rounds after them
 * @param product what to measure on
 * @param size how much
 * @param out where the JSON lines go
 * @param limits whether to show instead how well shares and rates are kept
 * @param list whether to say only what there is
 */
record Options(
    List<String> scenarios,
    List<String> systems,
    int warmUps,
    int rounds,
    Product product,
    Size size,
    Path out,
    boolean limits,
    boolean list) {

  static final String USAGE =
      """
      usage: examples/benchmarks/run [options]
        --scenarios a,b   only these (all)
        --systems a,b     only systems whose names begin so (all): limit, jobs4j, db-scheduler, ..
        --database D      postgresql (default), mariadb or h2
        --warm-ups N      rounds to warm up, with half the jobs (3)
        --rounds N        measured rounds after them (3)
        --jobs N          jobs of a drain or an enqueue (100000)
        --samples N       samples of a latency (300)
        --future N        jobs of the backlog that are not due (1000000)
        --finished N      jobs of the backlog that have ended (200000)
        --head N          jobs that cannot run at the head of the index (1000000)
        --running N       jobs that run for long (10000)
        --seconds N       how long something steady is watched (60; 600 for ten minutes)
        --per-second N    jobs a second of a steady load (2000)
        --out FILE        the JSON lines (benchmarks-<time>.jsonl)
        --list            names the scenarios
        --limits          instead: how well shares and rates are kept over three engines
        --smoke           tiny numbers, one round: does it work at all
      """;

  static Options parse(String... args) {
    List<String> words = Arrays.asList(args);
    boolean smoke = words.contains("--smoke");
    Reader reader = new Reader(words);
    Size size = smoke ? Size.smoke() : Size.full();
    Options options =
        new Options(
            reader.names("--scenarios"),
            reader.names("--systems"),
            reader.number("--warm-ups", smoke ? 1 : 3),
            reader.number("--rounds", smoke ? 1 : 3),
            reader.product(),
            new Size(
                reader.number("--jobs", size.jobs()),
                reader.number("--samples", size.samples()),
                reader.number("--future", size.future()),
                reader.number("--finished", size.finished()),
                reader.number("--head", size.head()),
                reader.number("--running", size.running()),
                reader.number("--seconds", size.seconds()),
                reader.number("--per-second", size.perSecond())),
            Path.of(reader.text("--out", "benchmarks-" + now() + ".jsonl")),
            words.contains("--limits"),
            words.contains("--list"));
    reader.refuseOthers();
    return options;
  }

  private static String now() {
    return LocalDateTime.now(ZoneId.systemDefault())
        .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
  }

  boolean wantsScenario(String name) {
    return scenarios.isEmpty() || scenarios.contains(name);
  }

  boolean wantsSystem(String name) {
    return systems.isEmpty() || systems.stream().anyMatch(name::startsWith);
  }

  /** Takes the words of the command line apart. */
  private static final class Reader {
    private static final List<String> FLAGS = List.of("--smoke", "--limits", "--list");

    private final List<String> words;
    private final boolean[] known;

    Reader(List<String> words) {
      this.words = words;
      known = new boolean[words.size()];
      for (int i = 0; i < words.size(); i++) {
        known[i] = FLAGS.contains(words.get(i));
      }
    }

    String text(String name, String otherwise) {
      int at = words.indexOf(name);
      if (at < 0) {
        return otherwise;
      }
      if (at + 1 == words.size()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      known[at] = true;
      known[at + 1] = true;
      return words.get(at + 1);
    }

    List<String> names(String name) {
      String text = text(name, "");
      return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    int number(String name, int otherwise) {
      String text = text(name, "" + otherwise);
      try {
        int value = Integer.parseInt(text);
        if (value >= 1) {
          return value;
        }
      } catch (NumberFormatException notANumber) {
        // said below
      }
      throw new IllegalArgumentException(name + " must be a number >= 1, was \"" + text + "\"");
    }

    Product product() {
      String text = text("--database", "postgresql");
      try {
        return Product.valueOf(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException unknown) {
        throw new IllegalArgumentException(
            "--database must be postgresql, mariadb or h2, was \"" + text + "\"", unknown);
      }
    }

    void refuseOthers() {
      for (int i = 0; i < known.length; i++) {
        if (!known[i]) {
          throw new IllegalArgumentException("\"" + words.get(i) + "\" is not an option");
        }
      }
    }
  }
}
