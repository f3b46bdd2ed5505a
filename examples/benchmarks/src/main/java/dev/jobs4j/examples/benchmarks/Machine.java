package dev.jobs4j.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a run was measured on. */
final class Machine {

  private Machine() {}

  static String about() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return "%s, %d processors, %.1f GiB of memory, %s %s, %s %s, %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            system.getTotalMemorySize() / (double) (1L << 30),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vm.name"),
            Runtime.version(),
            String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
  }

  private static String processor() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
      return lines.stream()
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .orElse(System.getProperty("os.arch"));
    } catch (IOException noProc) {
      return System.getProperty("os.arch");
    }
  }
}
