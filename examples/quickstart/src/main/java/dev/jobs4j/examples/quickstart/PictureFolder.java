package dev.jobs4j.examples.quickstart;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the pictures of a folder. */
final class PictureFolder {

  private static final Set<String> FORMATS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  private PictureFolder() {}

  /**
   * The pictures that lie directly in {@code folder}, by name. One that cannot be read is among
   * them: its job will say so.
   */
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw wrong(
          (Files.exists(folder) ? "Not a folder: " : "No such folder: ")
              + folder.toAbsolutePath().normalize());
    }
    try (Stream<Path> files = Files.list(folder.toRealPath())) {
      List<Path> pictures = files.filter(PictureFolder::isPicture).sorted().toList();
      if (pictures.isEmpty()) {
        throw wrong("No pictures (jpg, png, gif, bmp) in " + folder.toAbsolutePath().normalize());
      }
      return pictures;
    } catch (AccessDeniedException e) {
      throw wrong("Not allowed to read the folder " + e.getFile());
    } catch (IOException e) {
      throw wrong("Cannot read the folder " + folder + ": " + e);
    }
  }

  /** Its format as ImageIO knows it, by the end of its name. */
  static String formatOf(Path picture) {
    String name = picture.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** A link that leads nowhere is listed too, for its job to tell; a pipe or a device is not. */
  private static boolean isPicture(Path file) {
    return FORMATS.contains(formatOf(file)) && (Files.isRegularFile(file) || !Files.exists(file));
  }

  private static RunFailedException wrong(String what) {
    return new RunFailedException(ExitCode.WRONG_CALL, what);
  }
}
