package dev.jobs4j.examples.quickstart;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws pictures for tests. */
final class Pictures {

  private Pictures() {}

  /** A picture with enough in it to keep coders busy. */
  static byte[] bytes(String format, int width, int height) {
    Random random = new Random(width);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (((x * y) >> 4) & 0xFFFF00) | random.nextInt(32));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static void write(Path folder, String name, int width, int height) throws IOException {
    Files.write(folder.resolve(name), bytes(PictureFolder.formatOf(Path.of(name)), width, height));
  }

  /** A picture whose file breaks off in the middle. */
  static void writeTorn(Path folder, String name) throws IOException {
    byte[] whole = bytes(PictureFolder.formatOf(Path.of(name)), 300, 200);
    Files.write(folder.resolve(name), Arrays.copyOf(whole, whole.length / 2));
  }

  /** So many large pictures, {@code photo-00.jpg} and on. */
  static void writePhotos(Path folder, int count) throws IOException {
    byte[] photo = bytes("jpg", 2400, 1600);
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve(String.format("photo-%02d.jpg", i)), photo);
    }
  }
}
