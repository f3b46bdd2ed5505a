package dev.jobs4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.retry.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the manifest, in the form that {@code sha256sum -c} checks. */
final class ManifestHandler {

  private static final Logger log = LoggerFactory.getLogger(ManifestHandler.class);

  private final OutFolder out;

  ManifestHandler(OutFolder out) {
    this.out = out;
  }

  @JobHandler(type = "manifest.write", retry = @Retry(attempts = 3, initial = "500ms", max = "5s"))
  void write(WriteManifest job) throws IOException {
    StringBuilder manifest = new StringBuilder();
    List<Path> thumbnails = thumbnails();
    for (Path thumbnail : thumbnails) {
      String name = out.root().relativize(thumbnail).toString();
      manifest.append(Sha256.of(thumbnail)).append("  ").append(name).append('\n');
    }
    out.write(out.manifest(), manifest.toString().getBytes(UTF_8));
    log.info("Manifest written: pictures={} thumbnails={}", job.folder(), thumbnails.size());
  }

  private List<Path> thumbnails() throws IOException {
    if (!Files.exists(out.thumbnails())) {
      return List.of(); // not one picture could be read
    }
    try (Stream<Path> files = Files.walk(out.thumbnails())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".part"))
          .sorted()
          .toList();
    }
  }
}
