package dev.jobs4j.simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What was run, for those who want to run it again. */
final class Revision {

  private Revision() {}

  /** The commit: {@code -Djobs4j.revision}, or what git says, or that nobody knows. */
  static String current() {
    String given = System.getProperty("jobs4j.revision");
    return given == null ? byGit() : given;
  }

  private static String byGit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? said.strip() : "an unknown revision";
    } catch (IOException e) { // no git here
      return "an unknown revision";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "an unknown revision";
    }
  }
}
