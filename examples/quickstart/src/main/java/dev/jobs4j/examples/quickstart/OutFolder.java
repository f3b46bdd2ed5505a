package dev.jobs4j.examples.quickstart;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Everything that a run makes lies in here. */
record OutFolder(Path root) {

  /** With less than this, in bytes, a failing database is taken for the victim of a full disk. */
  private static final int ROOM_FOR_DATABASE = 1 << 20;

  /**
   * The folder, made if it is not there.
   *
   * @throws RunFailedException if nothing can be written there
   */
  static OutFolder create(Path root) {
    try {
      Path real = Files.createDirectories(root).toRealPath();
      Files.delete(Files.createTempFile(real, ".can-write", null));
      return new OutFolder(real);
    } catch (IOException e) {
      throw isFull(root.toAbsolutePath(), 1)
          ? new RunFailedException(ExitCode.STOPPED, "Disk full: no space left for " + root, e)
          : new RunFailedException(ExitCode.WRONG_CALL, "Cannot write to " + root + ": " + e, e);
    }
  }

  Path thumbnails() {
    return root.resolve("thumbnails");
  }

  Path manifest() {
    return root.resolve("SHA256SUMS");
  }

  /** Where the local endpoint keeps what it received. */
  Path summary() {
    return root.resolve("summary.json");
  }

  Path log() {
    return root.resolve("quickstart.log");
  }

  Path database() {
    return root.resolve("jobs");
  }

  /**
   * Writes a file whole or not at all: nobody ever sees a half one under its name, whenever the
   * process dies. What a killed run left half-written is overwritten by the next.
   */
  void write(Path file, byte[] bytes) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    Files.createDirectories(folder);
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.write(part, bytes);
    } catch (IOException e) {
      if (isFull(folder, bytes.length)) { // asked before the part goes and makes room
        Files.deleteIfExists(part);
        throw new DiskFullException(folder, e);
      }
      throw e;
    }
    Files.move(part, file, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  /** Why the job database, which lies here too, fails: most often because there is no room. */
  String whyDatabaseFails(String itsError) {
    return isFull(root, ROOM_FOR_DATABASE)
        ? "Disk full: no space left for " + root
        : "The job database fails: " + itsError;
  }

  private static boolean isFull(Path folder, int bytes) {
    try {
      return Files.getFileStore(folder).getUsableSpace() < bytes;
    } catch (IOException e) {
      return false; // no answer is no reason to blame the disk
    }
  }
}
