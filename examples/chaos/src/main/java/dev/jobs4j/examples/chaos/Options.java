package dev.jobs4j.examples.chaos;

import dev.jobs4j.examples.chaos.nemesis.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What is said on the command line.
 *
 * @param folder where everything is written, or is to be checked again
 * @param onlyCheck whether there is such a run already
 */
record Options(Size size, long seed, Path folder, boolean onlyCheck) {

  static final String USAGE =
      "[--nightly | --minutes N] [--seed N] [--out FOLDER] | --check FOLDER";

  static Options parse(String... args) throws IOException {
    Size size = Size.smoke();
    long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);
    Path folder = null;
    boolean onlyCheck = false;
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    while (!rest.isEmpty()) {
      String option = rest.pop();
      switch (option) {
        case "--nightly" -> size = Size.nightly();
        case "--minutes" -> size = Size.minutes((int) number(option, rest));
        case "--seed" -> seed = number(option, rest);
        case "--out" -> folder = Files.createDirectories(Path.of(value(option, rest)));
        case "--check" -> {
          folder = existing(Path.of(value(option, rest)));
          onlyCheck = true;
        }
        default -> throw new IllegalArgumentException("Unknown option " + option + ": " + USAGE);
      }
    }
    Path out = folder == null ? Files.createTempDirectory("jobs4j-chaos") : folder;
    return new Options(size, seed, out.toAbsolutePath(), onlyCheck);
  }

  private static Path existing(Path folder) {
    if (!Files.isDirectory(folder.resolve("database"))) {
      throw new IllegalArgumentException("--check needs the folder of a run, was " + folder);
    }
    return folder;
  }

  private static long number(String option, Deque<String> rest) {
    String value = value(option, rest);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " must be a number, was " + value, e);
    }
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value: " + USAGE);
    }
    return rest.pop();
  }
}
