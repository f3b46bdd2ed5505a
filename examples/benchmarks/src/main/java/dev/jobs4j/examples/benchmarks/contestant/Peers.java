package dev.jobs4j.examples.benchmarks.contestant;

import java.nio.file.Path;
import java.security.CodeSource;
import java.util.concurrent.locks.LockSupport;

/** What the peers have in common. */
final class Peers {

  private static final long LOOK_AGAIN = 2_000_000;

  private Peers() {}

  /** The jar that a class came in, which tells the version. */
  static String jar(Class<?> of) {
    CodeSource source = of.getProtectionDomain().getCodeSource();
    return source == null
        ? of.getName()
        : Path.of(source.getLocation().getPath()).getFileName().toString().replace(".jar", "");
  }

  /** How many are left. */
  interface Left {
    long count() throws Exception;
  }

  /** Waits until the database holds no more unfinished due jobs. */
  static void awaitNone(Left left) throws Exception {
    while (left.count() > 0) {
      LockSupport.parkNanos(LOOK_AGAIN);
    }
  }
}
