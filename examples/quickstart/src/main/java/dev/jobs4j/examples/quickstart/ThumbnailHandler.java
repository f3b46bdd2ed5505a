package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.retry.Retry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import net.coobird.thumbnailator.Thumbnails;

/**
 * Makes the thumbnails of one picture. It may run more than once for the same picture; then it
 * writes the same files again, each whole.
 */
final class ThumbnailHandler {

  /** The longer side of each thumbnail, in pixels. */
  static final List<Integer> SIZES = List.of(640, 320, 160);

  private final OutFolder out;
  private final Consumer<String> stop;

  /** Writes to {@code out}; tells {@code stop} why nobody needs to go on. */
  ThumbnailHandler(OutFolder out, Consumer<String> stop) {
    this.out = out;
    this.stop = stop;
    // ImageIO closes its cache files in a shutdown hook, under decoders that could still finish.
    ImageIO.setUseCache(false);
  }

  @JobHandler(
      type = "picture.thumbnails",
      queue = MakeThumbnails.QUEUE,
      timeout = "2m",
      retry =
          @Retry(
              attempts = 3,
              initial = "500ms",
              max = "5s",
              abortOn = CorruptPictureException.class))
  JobOutcome make(MakeThumbnails job) throws IOException {
    Path picture = job.path();
    byte[] bytes = Files.readAllBytes(picture); // fails here: cannot be read, perhaps later
    Map<Integer, byte[]> thumbnails = shrink(bytes, PictureFolder.formatOf(picture));
    try {
      for (var thumbnail : thumbnails.entrySet()) {
        out.write(file(thumbnail.getKey(), picture), thumbnail.getValue());
      }
      return JobOutcome.done();
    } catch (DiskFullException e) {
      stop.accept(e.getMessage());
      return JobOutcome.snooze(Duration.ofSeconds(1)); // the next run does it
    }
  }

  Path file(int size, Path picture) {
    return out.thumbnails().resolve(Integer.toString(size)).resolve(picture.getFileName());
  }

  /** The decoders throw all sorts of things at bytes they do not like. */
  private static Map<Integer, byte[]> shrink(byte[] bytes, String format)
      throws CorruptPictureException {
    refuseTornJpeg(bytes);
    try {
      Map<Integer, byte[]> thumbnails = new LinkedHashMap<>();
      BufferedImage image =
          Thumbnails.of(new ByteArrayInputStream(bytes)).size(640, 640).asBufferedImage();
      for (int size : SIZES) {
        ByteArrayOutputStream thumbnail = new ByteArrayOutputStream();
        Thumbnails.of(image).size(size, size).outputFormat(format).toOutputStream(thumbnail);
        thumbnails.put(size, thumbnail.toByteArray());
      }
      return thumbnails;
    } catch (IOException | RuntimeException e) {
      throw new CorruptPictureException("Corrupt picture: " + e.getMessage(), e);
    }
  }

  /** A JPEG without its end is decoded with grey where the rest was, and no error. */
  private static void refuseTornJpeg(byte[] bytes) throws CorruptPictureException {
    boolean jpeg = bytes.length > 2 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xD8;
    if (jpeg && lastMarker(bytes, 0xD9) < lastMarker(bytes, 0xDA)) {
      throw new CorruptPictureException("Corrupt picture: the JPEG breaks off", null);
    }
  }

  private static int lastMarker(byte[] bytes, int marker) {
    for (int i = bytes.length - 2; i >= 0; i--) {
      if ((bytes[i] & 0xFF) == 0xFF && (bytes[i + 1] & 0xFF) == marker) {
        return i;
      }
    }
    return -1;
  }
}
