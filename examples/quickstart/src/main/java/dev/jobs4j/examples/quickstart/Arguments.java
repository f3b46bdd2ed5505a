package dev.jobs4j.examples.quickstart;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param folder where the pictures are
 * @param out where everything goes that a run makes
 * @param workers how many pictures are worked on at once
 */
record Arguments(Path folder, Path out, int workers) {

  static final String USAGE =
      """
      Makes thumbnails of the pictures in a folder, as jobs that survive a kill -9.

      Usage: run [FOLDER] [--out DIR] [--workers N]

        FOLDER        the pictures (jpg, png, gif, bmp); the set shipped with the example if not given
        --out DIR     where thumbnails, manifest, log and the job database go (quickstart-out)
        --workers N   how many pictures are worked on at once (one for each processor)
        --help        this text

      Run it again with the same folders and it does the rest, and only the rest.

      Exit codes:
        0  every job has ended; corrupt pictures are named in the report
        1  something was given up that another run may mend: an unreadable picture, no summary
        2  called wrongly: an option, a folder that is missing or has no pictures, no place to write
        3  another run works in the same output folder
        4  stopped early, such as by a full disk; the rest waits for the next run
      """;

  /** Where the launch script says that the shipped pictures are. */
  private static final String SAMPLES = "quickstart.pictures";

  static boolean askForHelp(String... args) {
    List<String> all = List.of(args);
    return all.contains("--help") || all.contains("-h");
  }

  /**
   * Reads a command line.
   *
   * @throws RunFailedException if it is not one of {@link #USAGE}; the message says what to mend
   */
  static Arguments parse(String... args) {
    @Nullable Path folder = null;
    Path out = Path.of("quickstart-out");
    int workers = Runtime.getRuntime().availableProcessors();
    Deque<String> words = new ArrayDeque<>(List.of(args));
    while (!words.isEmpty()) {
      String word = words.pop();
      switch (word) {
        case "--out" -> out = path(valueOf(word, words));
        case "--workers" -> workers = workers(valueOf(word, words));
        default -> {
          if (word.startsWith("-")) {
            throw wrong("unknown option " + word);
          }
          if (folder != null) {
            throw wrong("one folder at a time, not both " + folder + " and " + word);
          }
          folder = path(word);
        }
      }
    }
    return new Arguments(folder == null ? samples() : folder, out, workers);
  }

  private static String valueOf(String option, Deque<String> words) {
    if (words.isEmpty() || words.peek().startsWith("--")) {
      throw wrong(option + " needs a value");
    }
    return words.pop();
  }

  private static Path path(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw wrong("not a path: " + text);
    }
    throw wrong("a folder must have a name");
  }

  private static int workers(String text) {
    try {
      int workers = Integer.parseInt(text);
      if (workers >= 1 && workers <= 256) {
        return workers;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong("--workers needs a number from 1 to 256, not " + text);
  }

  private static Path samples() {
    String samples = System.getProperty(SAMPLES);
    if (samples == null) {
      throw wrong("name a folder of pictures");
    }
    return Path.of(samples);
  }

  private static RunFailedException wrong(String what) {
    return new RunFailedException(ExitCode.WRONG_CALL, what + " (--help tells more)");
  }
}
