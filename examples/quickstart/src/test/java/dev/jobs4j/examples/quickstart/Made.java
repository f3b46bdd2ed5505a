package dev.jobs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks at what runs have left in an output folder. */
record Made(Path out) {

  /** All that lies under {@code thumbnails}, relative to the output folder, in order. */
  List<String> thumbnails() throws IOException {
    Path root = out.resolve("thumbnails");
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> out.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** The thumbnails that whole work on these pictures leaves. */
  static List<String> thumbnailsOf(String... pictures) {
    return Stream.of("160", "320", "640")
        .flatMap(size -> Stream.of(pictures).sorted().map(p -> "thumbnails/" + size + "/" + p))
        .toList();
  }

  /** Which file each thumbnail is: another one when it was made again. */
  Map<String, Object> identities() throws IOException {
    Map<String, Object> identities = new TreeMap<>();
    for (String name : thumbnails()) {
      var attributes = Files.readAttributes(out.resolve(name), BasicFileAttributes.class);
      identities.put(name, attributes.fileKey() + " " + attributes.lastModifiedTime());
    }
    return identities;
  }

  /** The manifest names each thumbnail once, with its checksum, and nothing else. */
  void assertManifestIsRight() throws IOException {
    List<String> expected =
        thumbnails().stream()
            .map(
                name -> {
                  try {
                    return Sha256.of(out.resolve(name)) + "  " + name;
                  } catch (IOException e) {
                    throw new AssertionError(name, e);
                  }
                })
            .toList();
    assertThat(Files.readAllLines(out.resolve("SHA256SUMS"))).isEqualTo(expected);
  }
}
