package dev.jobs4j.examples.benchmarks.contestant;

import java.nio.file.Path;
import java.security.CodeSource;

/** What the peers have in common. */
final class Peers {

  private Peers() {}

  /** The jar that a class came in, which tells the version. */
  static String jar(Class<?> of) {
    CodeSource source = of.getProtectionDomain().getCodeSource();
    return source == null
        ? of.getName()
        : Path.of(source.getLocation().getPath()).getFileName().toString().replace(".jar", "");
  }

  /** Waits until the database holds no more unfinished due jobs. */
  static void awaitNone(Patience.Count left) throws Exception {
    Patience.await("ended jobs, as negative numbers of those left,", 0, 2_000, () -> -left.now());
  }
}
