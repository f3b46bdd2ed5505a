package dev.jobs4j.examples.benchmarks.scenario;

import java.lang.management.ManagementFactory;

/** The heap of this JVM. */
final class Heap {

  private static final int COLLECTIONS = 3;

  private Heap() {}

  /** What is still there after it was collected. */
  static double liveMebibytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      ManagementFactory.getMemoryMXBean().gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) (1 << 20);
  }
}
